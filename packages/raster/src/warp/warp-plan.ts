import { applyTransform, TiepointError, type Transform } from '@tiepoint/geometry';
import type { Crs } from '../georeference/crs.js';
import { bendOf } from '../georeference/bend.js';
import { parseCrs, transformerBetween } from '../georeference/crs-transformer.js';
import type { Georeference } from '../georeference/georeference.js';
import { invertGeoTransform, pixelToMap } from '../georeference/geotransform.js';
import { middleLongitude, reachesBeyond180 } from '../georeference/longitude.js';
import type { Geotransform } from '@tiepoint/geometry';
import type { RasterFile } from '../formats/raster-file.js';
import { type GridWishes, suggestGrid } from './target-grid.js';
import type { MappingStep, PointMapping } from './warp-mapping.js';

/** The image a solution refers to: all that is needed of it is its grid. */
export interface ReferenceGrid {
  readonly width: number;
  readonly height: number;
  readonly georeference: Georeference | null;
}

/** Where the warped image is to lie. */
export interface WarpTarget extends GridWishes {
  /** A solution: sensed pixels to reference pixels. Without it the source's own georeference is used. */
  readonly sensedToReference?: Transform | undefined;
  readonly reference?: ReferenceGrid | undefined;
  /** A grid to fill exactly, for example another file's. */
  readonly grid?: ReferenceGrid | undefined;
  /** EPSG code, PROJ string or WKT, or a CRS. */
  readonly dstCrs?: Crs | string | undefined;
}

/** A target grid and the way from its pixels to the source's. */
export interface WarpGrid {
  readonly width: number;
  readonly height: number;
  readonly georeference: Georeference | null;
  readonly steps: readonly MappingStep[];
  readonly warnings: readonly string[];
}

/**
 * Decides the target grid: the reference's for a plain solution, a given one, or one that holds the source in the
 * target CRS.
 * @throws {TiepointError} `no-georeference`, `invalid-option`, `unknown-crs`, `crs-needs-grid`, `crs-datum-unknown`, `no-overlap`.
 */
export async function planGrid(source: RasterFile, target: WarpTarget): Promise<WarpGrid> {
  const { sensedToReference, reference, grid } = target;
  if (sensedToReference && !reference) {
    throw new TiepointError('invalid-option', 'a solution without its reference grid', {
      hint: 'Give the width, height and georeference of the reference image.',
    });
  }
  const wantsOther = target.dstCrs !== undefined || target.resolution !== undefined || target.extent !== undefined;
  if (sensedToReference && reference && !grid && !wantsOther) {
    const { width, height, georeference } = reference;
    const step: MappingStep = { kind: 'inverse', transform: sensedToReference, width, height };
    return { width, height, georeference, steps: [step], warnings: [] };
  }
  const base = sensedToReference ? reference!.georeference : source.georeference;
  if (!base) throw noGeoreference(sensedToReference ? 'the reference image' : source.name);
  const size = sensedToReference ? reference! : source;
  const bend = bendOf(base);
  const warnings =
    base.gcps && base.origin !== 'file' ? [bend?.text ?? 'placed by an affine map fitted to control points'] : [];
  const back: MappingStep[] = [{ kind: 'affine', coefficients: inverted(base.geotransform) }];
  if (bend) back.push({ kind: 'inverse', transform: bend.toStraight, width: size.width, height: size.height });
  if (sensedToReference && reference) {
    const { width, height } = reference;
    back.push({ kind: 'inverse', transform: sensedToReference, width, height });
  }
  if (grid) {
    if (!grid.georeference) throw noGeoreference('the target grid');
    const { width, height, georeference } = grid;
    return { width, height, georeference, steps: [...toMapSteps(grid, base, size), ...back], warnings };
  }
  const crs =
    target.dstCrs === undefined
      ? base.crs
      : typeof target.dstCrs === 'string'
        ? await parseCrs(target.dstCrs)
        : target.dstCrs;
  const toMap = await sourceToMap(base, crs, sensedToReference);
  const shape = suggestGrid(source, toMap, target);
  const georeference: Georeference = { crs, geotransform: shape.geotransform, origin: 'file' };
  const { width, height } = shape;
  const steps = [...toMapSteps({ width, height, georeference }, base, size), ...back];
  return { width, height, georeference, steps, warnings };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Target pixels to the map of the base, an image of that size. */
function toMapSteps(target: ReferenceGrid, base: Georeference, size: Size): MappingStep[] {
  const from = target.georeference!;
  const steps: MappingStep[] = [{ kind: 'affine', coefficients: from.geotransform }];
  if (from.crs && base.crs && !sameCrs(from.crs, base.crs)) steps.push({ kind: 'crs', from: from.crs, to: base.crs });
  const centre = middleLongitude(base, size);
  // Only then, as it costs the exactness of straight lines.
  if (centre !== null && (reachesBeyond180(base, size) || reachesBeyond180(from, target))) {
    steps.push({ kind: 'longitude', centre });
  }
  return steps;
}

function sameCrs(a: Crs, b: Crs): boolean {
  return a.code !== null || b.code !== null ? a.code === b.code : a.definition === b.definition;
}

async function sourceToMap(base: Georeference, crs: Crs | null, transform?: Transform): Promise<PointMapping> {
  const between = base.crs && crs && !sameCrs(base.crs, crs) ? await transformerBetween(base.crs, crs) : null;
  if (!base.crs && crs) throw noGeoreference('the source');
  const g = base.geotransform;
  const bend = bendOf(base);
  return (points) => {
    if (transform) applyTransform(transform, points, points);
    if (bend) applyTransform(bend.toStraight, points, points);
    for (let i = 0; i + 1 < points.length; i += 2) {
      [points[i], points[i + 1]] = pixelToMap(g, points[i]!, points[i + 1]!);
    }
    between?.forward(points);
  };
}

function inverted(g: Geotransform): Geotransform {
  const inverse = invertGeoTransform(g);
  if (inverse) return inverse;
  throw new TiepointError('invalid-option', 'a geotransform that has no inverse', {
    hint: 'Its pixels have no area; check the file.',
    value: g,
  });
}

function noGeoreference(what: string): TiepointError {
  return new TiepointError('no-georeference', `${what} has no georeference, or no coordinate reference system`, {
    hint: 'Give a solution, or a file with a georeference.',
    value: what,
  });
}
