import {
  affine,
  affineFromGeotransform,
  applyTransform,
  composeTransforms,
  fitTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  TiepointError,
} from '@tiepoint/geometry';
import { type Crs, parseCrs, type RasterFile, transformerBetween } from '@tiepoint/raster';
import type { SolutionInput } from './solution.js';

/** What of an image says where its pixels lie. */
export type PlacedProduct = Pick<RasterFile, 'name' | 'width' | 'height' | 'georeference'>;

/** Points a side of the lattice that the map between two systems is fitted over. */
const side = 9;
/** What an affine map may leave of the bend between two systems, px of the product. */
const mostBend = 0.5;

/** By the georeferences; null where one of the images has none, or nothing is said of its system. */
async function byGeoreference(image: PlacedProduct, registered: SolutionInput): Promise<MatrixTransform | null> {
  const { georeference } = image;
  const { geotransform, crs = null } = registered;
  if (georeference === null || geotransform === undefined) return null;
  const toRegistered = invertTransform(affineFromGeotransform(geotransform));
  if (toRegistered === null) return null;
  const own = georeference.crs;
  if ((own?.code ?? null) === crs) {
    return composeTransforms(toRegistered, affineFromGeotransform(georeference.geotransform));
  }
  return own === null || crs === null ? null : betweenSystems(image, own, await parseCrs(crs), toRegistered);
}

/** Over the bend between two systems, where an affine map follows it. @throws TiepointError `sensed-mismatch`. */
async function betweenSystems(
  image: PlacedProduct,
  from: Crs,
  to: Crs,
  toRegistered: MatrixTransform,
): Promise<MatrixTransform> {
  const { width, height } = image;
  const toMap = affineFromGeotransform(image.georeference!.geotransform);
  const source = Float64Array.from({ length: 2 * side * side }, (_, i) =>
    i % 2 === 0 ? (width * ((i >> 1) % side)) / (side - 1) : (height * Math.floor((i >> 1) / side)) / (side - 1),
  );
  const target = applyTransform(toMap, source);
  (await transformerBetween(from, to)).forward(target);
  applyTransform(toRegistered, target, target);
  const fit = target.every(Number.isFinite) ? fitTransform({ source, target }, 'affine') : null;
  const found = fit && isMatrixTransform(fit.transform) ? fit.transform : null;
  const back = found && invertTransform(found);
  const bend = back && Math.max(...applyTransform(back, target).map((v, i) => Math.abs(v - source[i]!)));
  if (found !== null && bend !== null && bend < mostBend) return found;
  throw new TiepointError(
    'sensed-mismatch',
    `${image.name}: it lies in ${from.name}, the image that was registered in ${to.name}, which bends against it`,
    {
      hint: `Bring it to the system of the registered image first: gdalwarp -t_srs ${to.code ?? to.name} in.tif out.tif`,
      value: image.name,
    },
  );
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
export async function productToRegistered(
  image: PlacedProduct,
  registered: SolutionInput,
  role: 'sensed' | 'reference',
): Promise<MatrixTransform> {
  const found = (await byGeoreference(image, registered)) ?? bySize(image, registered);
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
