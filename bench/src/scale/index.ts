import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliPath } from '../cli-path.js';
import { runMeasured } from '../raster/measured-process.js';
import { drawScalePlot } from './scale-plot.js';
import type { ScaleRow } from './scale-row.js';
import { sceneShift, writeScalePair } from './scene-pair.js';

const usualSides = [1000, 2000, 5000, 10_980, 20_000];

/** Distance of the answer from the shift that is true, px. */
function errorOf(stdout: string): number {
  const { sensedToReference: rows } = JSON.parse(stdout) as {
    sensedToReference: readonly (readonly number[])[] | null;
  };
  return rows === null ? Number.NaN : Math.hypot(rows[0]![2]! - sceneShift[0], rows[1]![2]! - sceneShift[1]);
}

/**
 * Measures time and peak memory of the command line against the side of the images: pairs of two bands of 16 bits are generated,
 * registered, and registered and warped.
 *
 * @param options - `sides`: of the images, px; `save`: keep the plot beside the results; `figures`: a folder for it
 */
export async function runScaleBench(options: {
  readonly sides?: readonly number[] | undefined;
  readonly figures?: string | undefined;
  readonly save: boolean;
}): Promise<ScaleRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-scale-'));
  const rows: ScaleRow[] = [];
  try {
    for (const side of options.sides ?? usualSides) {
      process.stderr.write(`generating a pair of ${side}×${side} px\n`);
      const [reference, sensed] = [join(folder, 'reference.tif'), join(folder, 'sensed.tif')];
      await writeScalePair(reference, sensed, side);
      const tasks = [
        ['register', []],
        ['register and warp', [join(folder, 'registered.tif')]],
      ] as const;
      for (const [task, output] of tasks) {
        const args = [cliPath, 'register', reference, sensed, ...output, '--json', '--quiet', '--overwrite'];
        const { seconds, peakMB, stdout } = await runMeasured(process.execPath, args);
        rows.push({ side, task, seconds, peakMB, errorPx: errorOf(stdout) });
        process.stderr.write(`${side} px, ${task}: ${seconds.toFixed(1)} s, ${peakMB.toFixed(0)} MB\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const results = join(dirname(fileURLToPath(import.meta.url)), '../../results');
  const place = options.figures ?? (options.save ? results : undefined);
  if (place !== undefined) await writeFile(join(place, 'scale.svg'), drawScalePlot(rows));
  return rows;
}
