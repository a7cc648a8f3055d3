import type { RasterFile } from '@tiepoint/raster';
import type { TiePoint } from '../../result/tie-point.js';
import type { Output, OutputContext } from './output.js';

/** What tie points are written from. */
export interface TiePointContext extends OutputContext {
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly tiePoints: readonly TiePoint[];
}

/** Tie points as control points of the sensed image. */
export const pointsOutput: Output<TiePointContext> = {
  flag: 'points',
  option: '--points <file>',
  description:
    'write the tie points; the format follows the ending: .geojson .csv .points .gcp .vrt .txt .annotation.json',
  check: async (path) => {
    const { pointFormatOf } = await import('./point-file.js');
    pointFormatOf(path);
  },
  write: async (path, { reference, sensed, tiePoints, flags }) => {
    const [{ formatPointFile, pointFormatOf }, { writeTextFile }] = [
      await import('./point-file.js'),
      await import('./write-text-file.js'),
    ];
    const text = await formatPointFile(pointFormatOf(path), tiePoints, reference, sensed);
    writeTextFile(path, text, flags.overwrite === true);
    return true;
  },
};
