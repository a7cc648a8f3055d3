import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createCog } from './create-cog.js';
import { createGeoTiff } from './create-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'atomic-'));

const [mount, unmount] = ['mount', 'umount'];

/** A file system of 2 MB; null where this user may not mount one. */
function mountSmall(): string | null {
  const path = mkdtempSync(join(tmpdir(), 'small-'));
  try {
    execFileSync(mount!, ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmSync(path, { recursive: true });
    process.stderr.write('note: no file system can be mounted here; the test of a full disk is skipped\n');
    return null;
  }
}

const small = mountSmall();
afterAll(() => {
  if (small) {
    execFileSync(unmount!, [small]);
    rmSync(small, { recursive: true });
  }
  rmSync(folder, { recursive: true });
});

describe.skipIf(!small)('a full disk', () => {
  for (const [name, create] of [
    ['GeoTIFF', createGeoTiff],
    ['COG', createCog],
  ] as const) {
    test(`leaves the old file and no temporary: ${name}`, async () => {
      const path = join(small!, 'out.tif');
      writeFileSync(path, 'precious');
      const options = { width: 1024, height: 2048, bandCount: 1, dataType: 'uint16', compression: 'none' } as const;
      const write = async (): Promise<void> => {
        await using writer = await create(path, { ...options, overwrite: true });
        for (let y = 0; y < 2048; y += 256) await writer.write({ rows: 256, data: [new Uint16Array(1024 * 256)] });
        await writer.finish();
      };
      await expect(write()).rejects.toMatchObject({ code: 'disk-full', hint: expect.stringContaining('untouched') });
      expect(readFileSync(path, 'utf8')).toBe('precious');
      expect(readdirSync(small!)).toEqual(['out.tif']);
    });
  }
});

describe('an interrupted write', () => {
  const built = fileURLToPath(new URL('../../../../dist/index.js', import.meta.url));
  const script = `
    import { createCog } from ${JSON.stringify(built)};
    const path = process.argv[1];
    const writer = await createCog(path, { width: 512, height: 100000, bandCount: 1, dataType: 'uint8', overwrite: true });
    for (let i = 0; i < 100; i++) {
      await writer.write({ rows: 512, data: [new Uint8Array(512 * 512)] });
      process.stdout.write('row\\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  `;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`by ${signal} leaves the old file and no temporary`, async () => {
      const path = join(folder, `${signal}.tif`);
      writeFileSync(path, 'precious');
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_code, by) => resolve(by)));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      expect(readdirSync(folder).some((name) => name.endsWith('.tmp'))).toBe(true);
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect(readFileSync(path, 'utf8')).toBe('precious');
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    });
  }
});

test('what stands beside a file that is replaced goes with it', async () => {
  const path = join(folder, 'replaced.tif');
  const shape = { width: 4, height: 4, bandCount: 1, dataType: 'uint8' } as const;
  const write = async (overwrite: boolean): Promise<void> => {
    await using writer = await createGeoTiff(path, { ...shape, overwrite });
    await writer.write({ rows: 4, data: [new Uint8Array(16)] });
    await writer.finish();
  };
  await write(false);
  for (const ending of ['.aux.xml', '.ovr', '.msk', '.txt']) writeFileSync(`${path}${ending}`, 'of the old image');
  await write(true);
  expect(
    readdirSync(folder)
      .filter((name) => name.startsWith('replaced'))
      .toSorted(),
  ).toEqual(['replaced.tif', 'replaced.tif.txt']);
});
