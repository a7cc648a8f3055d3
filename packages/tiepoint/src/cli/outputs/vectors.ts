import type { RasterFile } from '@tiepoint/raster';
import type { Assessment } from '../../assess/assess.js';
import type { Output, OutputContext } from './output.js';

/** What displacements are written from. */
export interface AssessmentContext extends OutputContext {
  readonly reference: RasterFile;
  readonly assessment: Assessment;
}

/** The displacement at each tie point. */
export const vectorsOutput: Output<AssessmentContext> = {
  flag: 'vectors',
  option: '--vectors <file>',
  description: 'write the displacement at each tie point, as lines in GeoJSON (.geojson)',
  check: async (path) => {
    const { requireEnding } = await import('./ending.js');
    const hint = 'Give the file of --vectors a name that ends with .geojson.';
    requireEnding(path, /\.(geo)?json$/i, 'displacements are written as GeoJSON', hint);
  },
  write: async (path, { reference, assessment, flags }) => {
    const [{ formatDisplacements }, { metresPerPixel }, { writeTextFile }] = [
      await import('../../assess/displacement-geojson.js'),
      await import('../../result/ground-distance.js'),
      await import('./write-text-file.js'),
    ];
    const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
    writeTextFile(path, await formatDisplacements(assessment.vectors, reference, metres), flags.overwrite === true);
    return true;
  },
};
