import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Matrix3, type Plane, projective } from '@tiepoint/geometry';
import sharp from 'sharp';
import type { Method, MethodFactory } from './method.js';

/** Debian's python3, the one its packages belong to. */
export const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('../../src/registration/opencv-rivals.py', import.meta.url));

/** Writes samples, rounded to 8 bits, as a grey PNG of the plane's size. */
export async function writePng(path: string, { width, height }: Plane, samples: ArrayLike<number>): Promise<void> {
  const bytes = Uint8Array.from(samples, (v) => Math.max(0, Math.min(255, Math.round(v))));
  await sharp(bytes, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toFile(path);
}

/** Rivals that run in one python process: OpenCV's SIFT with MAGSAC, elastix with mutual information. */
export function pythonRival(name: 'sift' | 'elastix-mi'): MethodFactory {
  return async () => {
    if (spawnSync(python, ['-c', 'import cv2, numpy']).status !== 0) {
      return { absent: "python3-opencv is not installed (Debian's package)" };
    }
    if (name === 'elastix-mi' && spawnSync('elastix', ['--version']).status !== 0) {
      return { absent: "elastix is not installed (Debian's package)" };
    }
    const child: ChildProcess = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const folder = await mkdtemp(join(tmpdir(), 'tiepoint-rival-'));
    const method: Method = {
      name,
      async run({ reference, sensed }, seed) {
        const files = {
          reference: join(folder, 'r.png'),
          sensed: join(folder, 's.png'),
          referenceMask: join(folder, 'rm.png'),
          sensedMask: join(folder, 'sm.png'),
        };
        const maskOf = (plane: Plane): Uint8Array =>
          plane.mask?.map((v) => v * 255) ?? new Uint8Array(plane.data.length).fill(255);
        await writePng(files.reference, reference, reference.data);
        await writePng(files.sensed, sensed, sensed.data);
        await writePng(files.referenceMask, reference, maskOf(reference));
        await writePng(files.sensedMask, sensed, maskOf(sensed));
        child.stdin!.write(`${JSON.stringify({ method: name, seed, ...files })}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`the python rival ${name} ended early`);
        const { matrix, seconds } = JSON.parse(value) as { matrix: readonly number[] | null; seconds: number };
        const found = matrix === null ? null : projective(matrix as unknown as Matrix3);
        return { sensedToReference: found, accepted: found !== null, seconds };
      },
      async close() {
        child.stdin!.end();
        await rm(folder, { recursive: true, force: true });
      },
    };
    return method;
  };
}
