import { identity } from '@tiepoint/geometry';
import type { Start } from '../start.js';

/** Where the georeferences put the images, or pixel on pixel where they say nothing. */
export const georeference: Start = {
  name: 'georeference',
  async *propose({ start, searchRadius, onProgress }) {
    onProgress?.('matching from the start');
    const method = start === null ? 'grid (identity)' : 'grid (georeference)';
    yield { method, referenceToSensed: start ?? identity, radius: searchRadius };
  },
};
