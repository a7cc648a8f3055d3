import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@tiepoint/geometry';
import { crsFromEpsg, writeGeoTiff } from '@tiepoint/raster';
import { parseRegistration } from 'tiepoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandsOf } from './markdown.js';
import { decide } from './samples/decide.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tiepoint-guides-'));
// As npm puts it on the path.
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` };
afterAll(() => rmSync(folder, { recursive: true }));

const side = 176;

/** Blobs seen from (dx, dy), as bright as `tone` says. */
function scene(dx: number, dy: number, tone: number): Float32Array {
  const random = createRandom(3);
  const data = new Float32Array(side * side).fill(200);
  for (let i = 0; i < 160; i++) {
    const [x, y, radius, value] = [
      random.uniform() * 190 - dx,
      random.uniform() * 190 - dy,
      2 + 8 * random.uniform(),
      40 * random.normal(),
    ];
    for (let p = 0; p < data.length; p++) {
      const squared = ((p % side) - x) ** 2 + (Math.floor(p / side) - y) ** 2;
      if (squared < 9 * radius ** 2) data[p]! += tone * value * Math.exp(-squared / radius ** 2);
    }
  }
  return data;
}

beforeAll(async () => {
  const crs = crsFromEpsg(32633, 'projected');
  const georeference = { crs, geotransform: [500_000, 10, 0, 4_600_000, 0, -10], origin: 'file' } as const;
  const image = { width: side, height: side, dataType: 'float32' } as const;
  const write = (name: string, bands: Float32Array, placed = true): Promise<void> =>
    writeGeoTiff(join(folder, name), { ...image, bands: [bands], ...(placed ? { georeference } : {}) });
  const reference = scene(0, 0, 1);
  for (const name of ['optical.tif', 'reference.tif', 'orthophoto.tif']) await write(name, reference);
  const moved = scene(4, 3, -1);
  for (const name of ['infrared.tif', 'infrared-band-2.tif', '2021.tif']) await write(name, moved);
  await write('2022.tif', scene(-2, 3, 1.2));
  await write('photo-1950.tif', moved, false);
});

// Every command of these pages, in their order, as a reader would type them.
it.each(['first-registration', 'trust', 'historic-photos'])('the commands of %s run', (page) => {
  const commands = commandsOf(readFileSync(join(root, 'docs', `${page}.md`), 'utf8'), 'tiepoint');
  expect(commands.length).toBeGreaterThan(0);
  for (const line of commands) {
    const { status, stdout, stderr } = spawnSync(line, { cwd: folder, encoding: 'utf8', shell: true, env });
    expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
    if (line.includes('--json')) expect(decide(parseRegistration(stdout)!)).toMatch(/^use it/);
  }
  rmSync(join(folder, 'solution.json'), { force: true });
});

it('left what the pages say', () => {
  for (const name of ['registered.tif', 'report.html', 'band-2-registered.tif', 'photo.points'])
    expect(existsSync(join(folder, name)), name).toBe(true);
});
