import type { ReportContext } from './report.js';
import type { Output } from './output.js';

/** The map of the predicted error; none where the registration was refused. */
export const accuracyOutput: Output<ReportContext> = {
  flag: 'accuracy',
  option: '--accuracy <file>',
  description: 'write the predicted standard deviation of every pixel of the reference, px of the reference (.tif)',
  check: async (path, flags) => {
    const [{ requireEnding }, { readCreationOptions }] = [
      await import('./ending.js'),
      await import('./creation-options.js'),
    ];
    requireEnding(
      path,
      /\.tiff?$/i,
      'the predicted error is written as GeoTIFF',
      'Give the file of --accuracy a name that ends with .tif.',
    );
    readCreationOptions(flags.co);
  },
  write: async (path, { reference, result: { errorField, registration }, flags, session }) => {
    if (errorField === null) return false;
    const [{ writeAccuracyMap }, { metadataItems }, { readCreationOptions }] = [
      await import('../../result/write-accuracy-map.js'),
      await import('../../result/metadata-items.js'),
      await import('./creation-options.js'),
    ];
    await writeAccuracyMap(path, errorField, reference, {
      ...readCreationOptions(flags.co),
      metadata: { '': metadataItems(registration) },
      format: flags.of ?? 'COG',
      overwrite: flags.overwrite === true,
      signal: session.signal,
    });
    return true;
  },
};
