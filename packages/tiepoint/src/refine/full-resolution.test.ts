import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, describe, expect, it } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { register } from '../register.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-full-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('images larger than what is matched at', () => {
  it('have their tie points localised at full resolution', async () => {
    const [width, height, room] = [520, 440, 16];
    const wide = width + 2 * room;
    const scene = blobScene(wide, height + 2 * room, 9);
    // An odd shift: no whole number of pixels of a third of the resolution.
    const [dx, dy] = [7, -5];
    const image = (of: (v: number) => number, x0: number, y0: number): Float32Array =>
      Float32Array.from({ length: width * height }, (_, i) =>
        of(scene[(Math.floor(i / width) + room + y0) * wide + (i % width) + room + x0]!),
      );
    const write = async (name: string, data: Float32Array): Promise<string> => {
      await writeGeoTiff(join(folder, name), { width, height, bands: [data], dataType: 'float32' });
      return join(folder, name);
    };
    await using reference = await openRaster(
      await write(
        'reference.tif',
        image((v) => v, 0, 0),
      ),
    );
    await using sensed = await openRaster(
      await write(
        'sensed.tif',
        image((v) => 400 - v, dx, dy),
      ),
    );
    const { registration, tiePoints } = await register(reference, sensed, { workingSide: 174, model: 'translation' });
    expect(registration.verdict).toBe('accept');
    expect(registration.method).toContain('DLSM');
    const [[, , x], [, , y]] = registration.sensedToReference!;
    expect(Math.hypot(x - dx, y - dy)).toBeLessThan(0.12);
    // A third of a px of the planes is one of the files: half of the tie points are within half of that.
    const misses = tiePoints.map((point) =>
      Math.hypot(point.reference[0] - point.sensed[0] - dx, point.reference[1] - point.sensed[1] - dy),
    );
    expect(misses.toSorted((a, b) => a - b)[misses.length >> 1]!).toBeLessThan(0.5);
  });
});
