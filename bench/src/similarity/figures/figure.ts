import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chart, drawChart } from './chart.js';

/** A figure of the paper: its charts are its data too. */
export interface Figure {
  /** File name without extension. */
  readonly name: string;
  readonly charts: readonly Chart[];
}

/** Writes `NAME.json` and an SVG for each chart into a folder. */
export async function writeFigures(folder: string, figures: readonly Figure[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, charts } of figures) {
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(charts)}\n`);
    for (const [i, chart] of charts.entries()) {
      const suffix = charts.length > 1 ? `-${String.fromCodePoint(97 + i)}` : '';
      await writeFile(join(folder, `${name}${suffix}.svg`), drawChart(chart));
    }
  }
}
