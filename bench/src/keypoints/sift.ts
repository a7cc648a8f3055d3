import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Plane } from '@tiepoint/geometry';
import { python, writePng } from '../registration/python-rival.js';
import type { KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';

const script = fileURLToPath(new URL('../../src/keypoints/sift.py', import.meta.url));

interface Answer {
  readonly xy: readonly number[];
  readonly owner: readonly number[];
  readonly descriptors: string;
}

function openCvSift(name: string, affine: boolean): KeypointMethodFactory {
  return async () => {
    if (spawnSync(python, ['-c', 'import cv2, numpy']).status !== 0) {
      return { absent: "python3-opencv is not installed (Debian's package)" };
    }
    const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const folder = await mkdtemp(join(tmpdir(), 'tiepoint-sift-'));
    const describe = async (plane: Plane, count: number): Promise<DescribedKeypoints> => {
      const [image, mask] = [join(folder, 'image.png'), join(folder, 'mask.png')];
      await writePng(image, plane, plane.data);
      await writePng(mask, plane, plane.mask?.map((v) => v * 255) ?? new Uint8Array(plane.data.length).fill(255));
      child.stdin.write(`${JSON.stringify({ affine, image, mask, count })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('SIFT ended early');
      const { xy, owner, descriptors } = JSON.parse(value) as Answer;
      const bytes = Uint8Array.from(Buffer.from(descriptors, 'base64'));
      return {
        xy: Float64Array.from(xy),
        owner: Int32Array.from(owner),
        descriptors: new Float32Array(bytes.buffer),
      };
    };
    return descriptorMethod(name, describe, async () => {
      child.stdin.end();
      await rm(folder, { recursive: true, force: true });
    });
  };
}

/** OpenCV's SIFT. */
export const siftMethod: KeypointMethodFactory = openCvSift('sift', false);

/** OpenCV's Affine-SIFT (Morel and Yu 2009): SIFT of the image as it would look from many sides. */
export const affineSiftMethod: KeypointMethodFactory = openCvSift('asift', true);
