import {
  affine,
  affineFromGeotransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  TiepointError,
} from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import type { SolutionInput } from './solution.js';

/** What of an image says where its pixels lie. */
export type PlacedProduct = Pick<RasterFile, 'name' | 'width' | 'height' | 'georeference'>;

/** By the georeferences; null where they do not say, or speak of different systems. */
function byGeoreference(image: PlacedProduct, registered: SolutionInput): MatrixTransform | null {
  const { georeference } = image;
  const { geotransform, crs = null } = registered;
  if (georeference === null || geotransform === undefined || (georeference.crs?.code ?? null) !== crs) return null;
  const toRegistered = invertTransform(affineFromGeotransform(geotransform));
  return toRegistered && composeTransforms(toRegistered, affineFromGeotransform(georeference.geotransform));
}

/** How many px of the registered image a px of the product is, along one axis; whole where that explains the sizes. */
function ratioOf(registered: number, product: number): number {
  const ratio = registered / product;
  const whole = ratio >= 1 ? Math.round(ratio) : 1 / Math.round(1 / ratio);
  // A product of coarser pixels has its last ones cut or filled up.
  return Math.abs(registered / whole - product) < 1 ? whole : ratio;
}

/** By the sizes, for products of the same extent; null where the shapes differ. */
function bySize(image: PlacedProduct, registered: SolutionInput): MatrixTransform | null {
  const [x, y] = [ratioOf(registered.width, image.width), ratioOf(registered.height, image.height)];
  if (Math.abs(registered.height - x * image.height) >= Math.max(x, 1)) return null;
  return affine(x, 0, 0, 0, y, 0);
}

/**
 * Where the pixels of an image lie in the image of the same scene that a solution was made with: by their georeferences, or by
 * their sizes where they have the same extent.
 *
 * @param role - which of the solution's images it takes the place of
 * @returns product px → px of the registered image
 * @throws TiepointError `sensed-mismatch`, `reference-mismatch`
 */
export function productToRegistered(
  image: PlacedProduct,
  registered: SolutionInput,
  role: 'sensed' | 'reference',
): MatrixTransform {
  const found = byGeoreference(image, registered) ?? bySize(image, registered);
  if (found !== null) return found;
  throw new TiepointError(
    `${role}-mismatch`,
    `${image.name}: has ${image.width} × ${image.height} px, the solution was made for ${registered.width} × ${registered.height} px`,
    {
      hint:
        'Give the image that was registered, or another of the same scene: of the same extent, or georeferenced in the same ' +
        'system as the one that was registered.',
      value: image.name,
    },
  );
}
