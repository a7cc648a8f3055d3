import { identity, invertTransform, type MatrixTransform } from '@tiepoint/geometry';
import { georeferencedStart, type PlacedImage } from './start-geometry.js';

/** Where the files alone place the sensed image on the reference: by their georeferences, or pixel on pixel. */
export interface FilePlacement {
  /** Sensed pixel → reference pixel. */
  readonly transform: MatrixTransform;
  readonly by: 'georeference' | 'pixel';
}

/** Where two files place the sensed image; pixel on pixel where they lie apart, or in systems that cannot be converted. */
export async function placementOfFiles(reference: PlacedImage, sensed: PlacedImage): Promise<FilePlacement> {
  // To look at images is no reason to fail.
  const start = await georeferencedStart(reference, sensed).catch(() => null);
  const transform = start === null ? null : invertTransform(start.referenceToSensed);
  return transform === null ? { transform: identity, by: 'pixel' } : { transform, by: 'georeference' };
}
