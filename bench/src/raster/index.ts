import { median } from '@tiepoint/geometry';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measured, runMeasured } from './measured-process.js';
import { fullSide, writeScene } from './scene.js';

/** One line of the raster bench. */
export interface RasterRow {
  readonly case: 'warp' | 'cog' | 'window';
  readonly tool: 'tiepoint' | 'gdal' | 'geotiff.js';
  /** Median over the rounds: of the whole program for `warp` and `cog`, of one 512² window for `window`. */
  readonly seconds: number;
  readonly peakMB: number;
  /** Seconds over the rival's in the same round, median: below 1 is faster. Absent without a rival. */
  readonly ratio?: number;
  readonly side: number;
  readonly rounds: number;
}

const roundCount = 3;
const task = fileURLToPath(new URL('./task.js', import.meta.url));

/** GDAL does the same work with the same tiles, compression, threads and output. */
const gdalCommands = {
  warp: (input: string, output: string): string[] => [
    'gdalwarp',
    ...'-q -overwrite -multi -wo NUM_THREADS=2 -t_srs EPSG:32634 -tr 10 10 -r bilinear -dstnodata 0'.split(' '),
    ...'-co TILED=YES -co BLOCKXSIZE=512 -co BLOCKYSIZE=512'.split(' '),
    input,
    output,
  ],
  cog: (input: string, output: string): string[] => [
    'gdal_translate',
    ...'-q -of COG -co COMPRESS=DEFLATE -co PREDICTOR=YES -co RESAMPLING=AVERAGE -co NUM_THREADS=2'.split(' '),
    input,
    output,
  ],
} as const;

/**
 * Measures warping (bilinear, UTM to the neighbouring zone), COG writing and windowed reading on a generated Sentinel-2
 * sized band, interleaved with GDAL and geotiff.js in one run.
 * @param options `limit`: side of the image, px, instead of 10,980.
 */
export async function runRasterBench(options: {
  data?: string | undefined;
  limit?: number | undefined;
  json: boolean;
}): Promise<RasterRow[]> {
  const side = options.limit ?? fullSide;
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-bench-'));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    const scene = join(folder, 'scene.tif');
    say(`writing a band of ${side}×${side}`);
    await writeScene(scene, side, 1);
    const gdal = spawnSync('gdalinfo', ['--version']).status === 0;
    if (!gdal) say('note: GDAL is not installed; it is left out');
    const rows: RasterRow[] = [];
    for (const name of ['warp', 'cog'] as const) {
      const own: Measured[] = [];
      const theirs: Measured[] = [];
      for (let round = 0; round < roundCount; round++) {
        const output = join(folder, `${name}-tiepoint.tif`);
        own.push(await runMeasured(process.execPath, [task, name, scene, output]));
        if (gdal) {
          const [program, ...args] = gdalCommands[name](scene, join(folder, `${name}-gdal.tif`)) as [
            string,
            ...string[],
          ];
          theirs.push(await runMeasured(program, args));
        }
        say(
          `${name} ${round + 1}: ${own.at(-1)!.seconds.toFixed(1)} s${gdal ? `, GDAL ${theirs.at(-1)!.seconds.toFixed(1)} s` : ''}`,
        );
      }
      rows.push(...pair(name, 'gdal', own, theirs, side));
    }
    rows.push(...(await windowRows(join(folder, 'cog-tiepoint.tif'), side, say)));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function windowRows(path: string, side: number, say: (text: string) => void): Promise<RasterRow[]> {
  const own: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < roundCount; round++) {
    const sums: number[] = [];
    for (const [tool, list] of [
      ['tiepoint', own],
      ['geotiff.js', theirs],
    ] as const) {
      const measured = await runMeasured(process.execPath, [task, 'window', tool, path]);
      const { seconds, sum } = JSON.parse(measured.stdout) as { seconds: number; sum: number };
      list.push({ ...measured, seconds });
      sums.push(sum);
    }
    if (sums[0] !== sums[1]) throw new Error(`the two readers disagree: ${sums.join(' and ')}`);
    say(
      `window ${round + 1}: ${(own.at(-1)!.seconds * 1000).toFixed(1)} ms, geotiff.js ${(theirs.at(-1)!.seconds * 1000).toFixed(1)} ms`,
    );
  }
  return pair('window', 'geotiff.js', own, theirs, side);
}

function pair(
  name: RasterRow['case'],
  rival: 'gdal' | 'geotiff.js',
  own: readonly Measured[],
  theirs: readonly Measured[],
  side: number,
): RasterRow[] {
  const row = (tool: RasterRow['tool'], list: readonly Measured[]): RasterRow => ({
    case: name,
    tool,
    seconds: median(list.map((m) => m.seconds)),
    peakMB: Math.max(...list.map((m) => m.peakMB)),
    side,
    rounds: list.length,
  });
  if (theirs.length === 0) return [row('tiepoint', own)];
  const ratio = median(own.map((m, i) => m.seconds / theirs[i]!.seconds));
  return [{ ...row('tiepoint', own), ratio }, row(rival, theirs)];
}
