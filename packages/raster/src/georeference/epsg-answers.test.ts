import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { transformerBetween } from './crs-transformer.js';
import { type EpsgEntry, findEpsg } from './epsg-table.js';
import { resolveCrs } from './resolved-crs.js';
import { runPython } from '../gdal.test.support.js';

const wgs84 = crsFromEpsg(4326, 'geographic');

/** PROJ's answers by code, made with the table: [longitude, latitude, easting, northing] of places in each area of use. */
const answers = new Map(
  readFileSync(new URL('../../fixtures/epsg-answers.csv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [code, ...numbers] = line.split(',').map(Number);
      return [code!, numbers] as const;
    }),
);

/** Methods of PROJ that proj4 lacks. */
const withoutMethod = /\+proj=(col_urban|labrd)\b|\+hyperbolic\b/;

/** Metres of a unit of a system's coordinates. */
function metresOf({ kind, proj, degrees }: EpsgEntry): number {
  if (kind === 'geographic') return 111_320 * degrees;
  return /units=us-ft/.test(proj) ? 1200 / 3937 : /units=ft/.test(proj) ? 0.3048 : 1;
}

/** Metres between our answers and PROJ's; null where nothing relates the system to WGS 84. */
async function differencesOf(code: number, places: readonly number[]): Promise<number[] | null> {
  const entry = (await findEpsg(code))!;
  const crs = crsFromEpsg(code, entry.kind);
  if ((await resolveCrs(crs)).shift.kind === 'unknown') return null;
  const { forward } = await transformerBetween(wgs84, crs, { approximate: true });
  const out: number[] = [];
  for (let i = 0; i + 3 < places.length; i += 4) {
    const mapped = Float64Array.of(places[i]!, places[i + 1]!);
    forward(mapped);
    const across = mapped[0]! - places[i + 2]!;
    // Longitudes a whole turn apart are one.
    const turn = entry.kind === 'geographic' ? 360 / entry.degrees : Infinity;
    const x = turn === Infinity ? across : across - Math.round(across / turn) * turn;
    out.push(Math.hypot(x, mapped[1]! - places[i + 3]!) * metresOf(entry));
  }
  return out;
}

describe("every EPSG code agrees with PROJ's answers by code", () => {
  test('over its area of use, to a metre and nearly all to a centimetre', async () => {
    const off: string[] = [];
    let [compared, exact] = [0, 0];
    for (const [code, places] of answers) {
      const entry = await findEpsg(code);
      if (!entry || withoutMethod.test(entry.proj) || places.length === 0) continue;
      const worst = Math.max(...((await differencesOf(code, places)) ?? [0]));
      compared++;
      if (worst < 0.01) exact++;
      if (!(worst < 1)) off.push(`EPSG:${code} ${entry.name}: ${worst.toFixed(2)} m`);
    }
    expect(off).toEqual([]);
    expect(compared).toBeGreaterThan(6600);
    expect(exact / compared).toBeGreaterThan(0.98);
  });

  test('what proj4 has no method for is an error', async () => {
    await expect(transformerBetween(wgs84, crsFromEpsg(6244, 'projected'))).rejects.toMatchObject({
      code: 'unknown-crs',
    });
  });
});

const askProj = `
import json, sys, os, shutil, tempfile, warnings
import pyproj
warnings.simplefilter('ignore')
bare = tempfile.mkdtemp()
shutil.copy(os.path.join(pyproj.datadir.get_data_dir(), 'proj.db'), bare)
pyproj.datadir.set_data_dir(bare)
from pyproj import Transformer
out = []
for code, lon, lat in json.loads(sys.argv[1]):
    out.append(Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat))
shutil.rmtree(bare)
print(json.dumps(out))
`;

const hasPyproj = spawnSync('/usr/bin/python3', ['-c', 'import pyproj']).status === 0;
if (!hasPyproj)
  process.stderr.write('note: pyproj is not installed; EPSG codes are compared with stored answers only\n');

describe.skipIf(!hasPyproj)('PROJ, asked by code', () => {
  test('gives the stored answers for a sample of the codes', () => {
    const sample = [...answers].filter(([, places], i) => i % 40 === 0 && places.length > 0);
    const places = sample.map(([code, numbers]) => [code, ...numbers.slice(0, 2)]);
    const now = JSON.parse(runPython(askProj, JSON.stringify(places))) as [number, number][];
    for (const [i, [code, numbers]] of sample.entries()) {
      expect(Math.abs(now[i]![0] - numbers[2]!), `EPSG:${code}`).toBeLessThan(0.01);
      expect(Math.abs(now[i]![1] - numbers[3]!), `EPSG:${code}`).toBeLessThan(0.01);
    }
  });
});
