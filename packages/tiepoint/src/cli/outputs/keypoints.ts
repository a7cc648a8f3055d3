import type { RasterFile } from '@tiepoint/raster';
import type { Keypoint } from '../../detect/detect.js';
import type { Output, OutputContext } from './output.js';

/** What keypoints are written from. */
export interface KeypointContext extends OutputContext {
  readonly image: RasterFile;
  readonly keypoints: readonly Keypoint[];
}

/** Keypoints of an image, with their scores. */
export const keypointsOutput: Output<KeypointContext> = {
  flag: 'points',
  option: '--points <file>',
  description: 'write the keypoints; the format follows the ending: .geojson .csv',
  check: async (path) => {
    const { keypointFormatOf } = await import('./keypoint-file.js');
    keypointFormatOf(path);
  },
  write: async (path, { image, keypoints, flags }) => {
    const [{ formatKeypointFile, keypointFormatOf }, { writeTextFile }] = [
      await import('./keypoint-file.js'),
      await import('./write-text-file.js'),
    ];
    const text = await formatKeypointFile(keypointFormatOf(path), keypoints, image);
    writeTextFile(path, text, flags.overwrite === true);
    return true;
  },
};
