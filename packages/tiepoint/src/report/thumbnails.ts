import { identity, invertTransform, type MatrixTransform, type Plane, type Transform } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import sharp from 'sharp';
import { georeferencedStart, type PlacedImage } from '../inputs/start-geometry.js';
import { placeOnPreview, type PreviewSize } from './preview.js';

/**
 * Where the files themselves say that sensed pixels lie on the reference: by their georeferences, else pixel on pixel.
 *
 * @throws TiepointError `no-overlap`
 */
export async function placedByFiles(reference: PlacedImage, sensed: PlacedImage): Promise<MatrixTransform> {
  const start = await georeferencedStart(reference, sensed);
  return (start && invertTransform(start.referenceToSensed)) ?? identity;
}

/** Checkerboard of both images, squares of the reference and of the sensed image in turn, in grey. */
function checkerboard(reference: Plane, sensed: Plane): Uint8Array {
  const { width, height } = reference;
  const square = Math.max(8, Math.round(Math.max(width, height) / 6));
  const out = new Uint8Array(width * height);
  const [a, b] = [toGrey(reference), toGrey(sensed)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const shown = (Math.floor(x / square) + Math.floor(y / square)) % 2 === 1 && sensed.mask?.[i] !== 0;
      out[i] = (shown ? b : a)[i]!;
    }
  }
  return out;
}

/** Stretches the 2 % to 98 % quantiles of valid samples over 0 … 255. */
function toGrey({ data, mask }: Plane): Uint8Array {
  const valid = mask === undefined ? data : data.filter((_, i) => mask[i] !== 0);
  const sorted = Float32Array.from(valid).filter(Number.isFinite).toSorted();
  const low = sorted[Math.floor(0.02 * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil(0.98 * (sorted.length - 1))] ?? 1;
  const gain = high > low ? 255 / (high - low) : 0;
  return Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round((value - low) * gain))));
}

/** WebP pictures of both images as a checkerboard, before the registration and after; `after` is null where it was refused. */
export interface Thumbnails {
  readonly before: Uint8Array;
  readonly after: Uint8Array | null;
}

/**
 * Small pictures for a list of registrations, on the grid of the ground that both images share.
 *
 * @param side - of the longer side, px
 */
export async function buildThumbnails(
  reference: RasterFile,
  sensed: RasterFile,
  sensedToReference: Transform | null,
  before: MatrixTransform,
  side: number,
  signal?: AbortSignal,
): Promise<Thumbnails> {
  const scale = Math.max(1, Math.max(reference.width, reference.height) / side);
  const size: PreviewSize = {
    width: Math.max(1, Math.round(reference.width / scale)),
    height: Math.max(1, Math.round(reference.height / scale)),
    scale,
  };
  const fixed = await reference.readPlane({ width: size.width, height: size.height, signal });
  const reduced = Math.max(1, Math.max(sensed.width, sensed.height) / (2 * side));
  const width = Math.max(1, Math.round(sensed.width / reduced));
  const height = Math.max(1, Math.round(sensed.height / reduced));
  const moving = await sensed.readPlane({ width, height, signal });
  const sensedScale = [sensed.width / width, sensed.height / height] as const;
  const picture = async (transform: Transform): Promise<Uint8Array> => {
    const board = checkerboard(fixed, placeOnPreview(moving, sensedScale, transform, size));
    const image = sharp(board, { raw: { width: size.width, height: size.height, channels: 1 } });
    return image.webp({ quality: 70 }).toBuffer();
  };
  return {
    before: await picture(before),
    after: sensedToReference === null ? null : await picture(sensedToReference),
  };
}
