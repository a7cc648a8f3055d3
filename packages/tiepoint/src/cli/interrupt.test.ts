import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { similarity } from '@tiepoint/geometry';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, expect, it } from 'vitest';
import { transformToJson } from '../result/transform-json.js';
import { spawnCli } from './testing/spawn-cli.js';

const inputs = mkdtempSync(join(tmpdir(), 'tiepoint-interrupt-in-'));
const outputs = mkdtempSync(join(tmpdir(), 'tiepoint-interrupt-out-'));
afterAll(() => {
  rmSync(inputs, { recursive: true });
  rmSync(outputs, { recursive: true });
});

it('Ctrl-C ends the writing of an image with 130 and takes the temporary file away', async () => {
  const side = 3000;
  const data = Float32Array.from({ length: side * side }, (_, i) => (i * 2654435761) % 1000);
  const image = { width: side, height: side, bands: [data], dataType: 'float32', compression: 'none' } as const;
  await writeGeoTiff(join(inputs, 'image.tif'), image);
  const inputsNamed = [{ role: 'reference', source: 'image.tif', width: side, height: side }];
  const solution = {
    version: 1,
    verdict: 'accept',
    ...transformToJson(similarity(1, 0.1, 5, 5)),
    provenance: { inputs: inputsNamed },
  };
  writeFileSync(join(inputs, 'solution.json'), JSON.stringify(solution));
  const seen: string[] = [];
  const run = await spawnCli(
    [
      'warp',
      join(inputs, 'image.tif'),
      join(outputs, 'out.tif'),
      '--solution',
      join(inputs, 'solution.json'),
      '-r',
      'lanczos',
      '-co',
      'LEVEL=9',
    ],
    {
      interruptWhen: () => {
        seen.push(...readdirSync(outputs));
        return seen.length > 0;
      },
    },
  );
  // It was interrupted while the temporary file was there, and not before or after the work.
  expect(seen[0]).toMatch(/\.tmp$/);
  expect(run.status).toBe(130);
  expect(readdirSync(outputs)).toEqual([]);
});
