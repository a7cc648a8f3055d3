import {
  affineFromGeotransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  transformPoint,
} from '@tiepoint/geometry';
import type { PixelWindow, RasterFile } from '@tiepoint/raster';
import { type ImageView, isMirrored, type ViewGeometry, viewOf } from './image-view.js';
import type { ImportedTiePoints } from './imported-tie-points.js';
import type { ImageSize } from './overlap.js';

/** How what is matched lies in both files. */
export interface ViewGeometries {
  readonly reference: ViewGeometry;
  readonly sensed: ViewGeometry;
}

/** What of both files is matched. */
export interface Views extends ViewGeometries {
  readonly reference: ImageView;
  readonly sensed: ImageView;
}

/** Share of a file's area that a window of it may have at most to be worth leaving the rest unread. */
const worthCropping = 0.5;
/** Least ground around what the other image covers, px: georeferences may be further off than the search radius. */
const leastMargin = 256;

/** The window of an image that another one covers by the start, with as much ground around it as it has itself; null for all of it. */
function coveredWindow(
  image: ImageSize,
  other: ImageSize,
  otherToImage: MatrixTransform,
  margin: number,
): PixelWindow | null {
  const corners = [0, other.width].flatMap((x) => [0, other.height].map((y) => transformPoint(otherToImage, x, y)));
  const range = (values: readonly number[], limit: number): readonly [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const around = Math.max(leastMargin, margin, (high - low) / 2);
    return [Math.max(0, Math.floor(low - around)), Math.min(limit, Math.ceil(high + around))];
  };
  const [left, right] = range(
    corners.map(([x]) => x),
    image.width,
  );
  const [top, bottom] = range(
    corners.map(([, y]) => y),
    image.height,
  );
  const [width, height] = [right - left, bottom - top];
  if (!(width > 0 && height > 0) || width * height > worthCropping * image.width * image.height) return null;
  return { x: left, y: top, width, height };
}

/**
 * What of both files is to be matched: of an image larger than can be matched at its resolution only what the other can cover,
 * and the sensed image turned over where the georeferences mirror it.
 *
 * @param start - reference px → sensed px by the georeferences; null where they do not say
 * @param margin - how far off that may be, px of the reference; @param mirrored - whether they are, where the caller knows
 */
export function chooseViews(
  reference: RasterFile,
  sensed: RasterFile,
  start: MatrixTransform | null,
  options: {
    readonly margin: number;
    readonly workingSide: number;
    readonly georeference: boolean;
    readonly mirrored: boolean | undefined;
  },
): Views {
  const stated = start === null ? options.georeference && mirroredAlone(reference, sensed) : isMirrored(start);
  const mirrored = options.mirrored ?? stated;
  const back = start && invertTransform(start);
  const windowOf = (file: RasterFile, other: RasterFile, map: MatrixTransform | null): PixelWindow => {
    const { width, height } = file;
    const isLarge = Math.max(width, height) > options.workingSide;
    const covered = isLarge && map !== null ? coveredWindow(file, other, map, options.margin) : null;
    return covered ?? { x: 0, y: 0, width, height };
  };
  return {
    reference: viewOf(reference, windowOf(reference, sensed, back), false),
    sensed: viewOf(sensed, windowOf(sensed, reference, start), mirrored),
  };
}

/** A start between the files as one between the views. */
export function startOfViews(start: MatrixTransform, { reference, sensed }: Views): MatrixTransform {
  return composeTransforms(composeTransforms(sensed.toView, start), invertTransform(reference.toView)!);
}

/** Imported tie points as they lie on the views. */
export function pointsOfViews(tiePoints: ImportedTiePoints, { reference, sensed }: ViewGeometries): ImportedTiePoints {
  return {
    ...tiePoints,
    points: tiePoints.points.map((point) => ({
      ...point,
      sensed: transformPoint(sensed.toView, ...point.sensed),
      reference: transformPoint(reference.toView, ...point.reference),
    })),
  };
}

/** Whether the one georeference that there is says that its rows run the other way, which the other image's then do not. */
function mirroredAlone(reference: RasterFile, sensed: RasterFile): boolean {
  const turned = ({ georeference }: RasterFile): boolean =>
    // Rows of an image that faces north run south: the geotransform's determinant is negative.
    georeference !== null && !isMirrored(affineFromGeotransform(georeference.geotransform));
  return turned(reference) !== turned(sensed);
}
