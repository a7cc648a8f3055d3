import type { Output } from './output.js';
import type { ReportContext } from './report.js';

/** The mask of what both files carry at the same pixels, refused or not. */
export const marksOutput: Output<ReportContext> = {
  flag: 'marks',
  option: '--marks <file>',
  description: 'write where both files carry the same marks, on the grid of the reference (.tif)',
  check: async (path) => {
    const { requireEnding } = await import('./ending.js');
    requireEnding(
      path,
      /\.tiff?$/i,
      'marks are written as GeoTIFF',
      'Give the file of --marks a name that ends with .tif.',
    );
  },
  write: async (path, { reference, result, flags, session }) => {
    const [{ writeMarksMask }, { metadataItems }] = [
      await import('../../result/write-marks-mask.js'),
      await import('../../result/metadata-items.js'),
    ];
    const { overwrite = false } = flags;
    const metadata = { '': metadataItems(result.registration) };
    await writeMarksMask(path, result.marks, reference, { metadata, overwrite, signal: session.signal });
    return true;
  },
};
