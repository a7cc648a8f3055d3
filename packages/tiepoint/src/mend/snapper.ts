import { jacobianAt, TiepointError, type Transform } from '@tiepoint/geometry';
import {
  createEngine,
  type Dlsm,
  type DlsmMatches,
  type Engine,
  localisePatches,
  patchSide,
  spreadOf,
} from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { readWorkingPlane } from '../inputs/working-plane.js';
import { readAround } from '../refine/full-resolution.js';
import { mostDeviation } from '../refine/tie-points.js';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import type { HandTiePoint } from './edits.js';

/** How places are snapped. */
export interface SnapperOptions {
  /** Bands as they were matched; default as `register`. */
  readonly band?: number | undefined;
  readonly referenceBand?: number | undefined;
  readonly dlsm?: Dlsm | undefined;
  /** An engine to reuse; by default one is made and disposed of. */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds where exactly a person meant, and how well that is known. */
export interface Snapper extends AsyncDisposable {
  /**
   * Looks by DLSM for the patch around a place of the reference near a place of the sensed image.
   *
   * @param reference - px of the reference's file; @param sensed - px of the sensed file, right to 6 px of the reference
   * @param sensedToReference - the geometry so far, for turn and scale
   * @returns null where the images show nothing there that says where they belong
   * @throws TiepointError `point-outside`
   */
  snap(
    reference: readonly [number, number],
    sensed: readonly [number, number],
    sensedToReference: Transform,
  ): Promise<HandTiePoint | null>;
}

/** How far a click may be off, and then what was found near it, px of the reference; one place costs little, so both looks are exact. */
const looks = [
  { reach: 6, exactBelow: Infinity },
  { reach: 1, exactBelow: Infinity },
] as const;
/** Pixels around a patch that its shifts, the search and interpolation take. */
const room = 20;

/** The affine map from the reference to the sensed image that joins two places, with the turn and scale of a transform there. */
function mapBetween(
  reference: readonly [number, number],
  sensed: readonly [number, number],
  forward: Transform,
): Transform {
  const [a, b, c, d] = jacobianAt(forward, ...sensed);
  const det = a * d - b * c;
  const [p, q, r, s] = [d / det, -b / det, -c / det, a / det];
  const shiftX = sensed[0] - p * reference[0] - q * reference[1];
  const shiftY = sensed[1] - r * reference[0] - s * reference[1];
  return { model: 'affine', matrix: [p, q, shiftX, r, s, shiftY, 0, 0, 1] };
}

/**
 * Reads both images as `register` does, to snap places set by hand.
 *
 * @throws TiepointError `weights-missing`, and what reading throws
 */
export async function createSnapper(
  reference: RasterFile,
  sensed: RasterFile,
  options: SnapperOptions = {},
): Promise<Snapper> {
  const { signal } = options;
  const fixed = await readWorkingPlane(reference, options.referenceBand, undefined, signal);
  const moving = await readWorkingPlane(sensed, options.band, undefined, signal);
  const spread = [spreadOf(fixed.plane), spreadOf(moving.plane)] as const;
  const dlsm = options.dlsm ?? (await shippedDlsm());
  const engine = options.engine ?? createEngine();
  return {
    async snap(place, match, forward) {
      const map = mapBetween(place, match, forward);
      const [p, q, r, s] = jacobianAt(map, ...place);
      const half = patchSide / 2 + room;
      const [halfX, halfY] = [(Math.abs(p) + Math.abs(q)) * half, (Math.abs(r) + Math.abs(s)) * half];
      const around = {
        reference: await readAround(fixed, ...place, half, half),
        sensed: await readAround(moving, ...match, halfX, halfY),
      };
      if (around.reference === null || around.sensed === null) {
        throw new TiepointError('point-outside', 'the place lies outside one of the images', { value: [place, match] });
      }
      const [x, y] = place;
      const ground = { reference: around.reference, sensed: around.sensed };
      let found: DlsmMatches | undefined;
      for (const look of looks) {
        const expected = found === undefined ? match : ([found.source[0]!, found.source[1]!] as const);
        const there = { x, y, ...ground, referenceToSensed: mapBetween(place, expected, forward) };
        found = await localisePatches(engine, dlsm, [there], spread, look, signal);
      }
      if (found === undefined || !(found.deviation[0]! < mostDeviation)) return null;
      const [xx, xy, yy] = found.covariance;
      return {
        reference: place,
        sensed: [found.source[0]!, found.source[1]!],
        covariance: [xx!, xy!, yy!],
        by: 'snapping',
      };
    },
    [Symbol.asyncDispose]: async () => {
      if (options.engine === undefined) await engine.dispose();
    },
  };
}
