import { estimateTransform, invertTransform, isMatrixTransform } from '@tiepoint/geometry';
import type { Start } from '../start.js';

/** Points from which on they determine an affine map well; fewer make a similarity. */
const affineCount = 6;
/** Residual that is never held against an imported point, px. */
const leastThreshold = 3;

/** The geometry that imported tie points agree on; none where they are fewer than two or do not agree. */
export const importedPoints: Start = {
  name: 'imported-points',
  async *propose({ imported, seed, searchRadius, onProgress }) {
    if (imported === null) return;
    onProgress?.('matching from the imported tie points');
    const model = imported.source.length / 2 >= affineCount ? 'affine' : 'similarity';
    const threshold = Math.max(leastThreshold, searchRadius / 4);
    const estimate = estimateTransform(imported, { model, threshold, seed });
    if (estimate === null || !isMatrixTransform(estimate.transform)) return;
    const referenceToSensed = invertTransform(estimate.transform);
    if (referenceToSensed === null) return;
    yield { method: 'grid (imported tie points)', referenceToSensed, radius: searchRadius };
  },
};
