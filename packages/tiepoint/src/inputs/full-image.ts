import type { WorkingPlane } from './working-plane.js';

/** An image that is matched at less than its resolution. */
export type FullImage = Pick<WorkingPlane, 'plane' | 'scale' | 'readWindow'>;

/** Files per plane pixels beyond which tie points are localised in the files. */
const clearlyReduced = 1.2;

/** Whether either image is matched at clearly less than its resolution. */
export function isReduced(...images: readonly Pick<FullImage, 'scale'>[]): boolean {
  return images.some(({ scale }) => Math.max(...scale) > clearlyReduced);
}
