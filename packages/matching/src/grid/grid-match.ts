import { composeTransforms, type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import { type Model, buildModel, input, slice, type Tensor } from 'onnx-grad';
import { normalisedCorrelation } from '../correlation/normalised.js';
import { type Peak, findPeak } from '../correlation/peak.js';
import type { Engine } from '../engine.js';
import { allocateMaps } from '../features/describe.js';
import type { Described, StructureFeatures } from '../features/structure-features.js';
import { type Pyramid, levelFor } from '../image/pyramid.js';
import { openWindows } from './window-source.js';
import { chooseWindows } from './windows.js';

/** One pass of grid matching. */
export interface GridPass {
  /** Pixels of the reference per pixel of a window: 1 works at full resolution. */
  readonly step: number;
  /** Window side, px of the window. */
  readonly window: number;
  /** Largest displacement searched, px of the window. */
  readonly radius: number;
  /** Windows along the longer side of the overlap. */
  readonly cells: number;
  /** Also search backwards, from the sensed window to the reference, and average both. */
  readonly bothWays?: boolean;
}

/** Correspondences found on a grid, flat: entry i of each array belongs to one window. */
export interface GridMatches {
  readonly count: number;
  /** Windows that were tried. */
  readonly tried: number;
  /** Their middles, interleaved, px of the reference. */
  readonly centres: Float64Array;
  /** Window centre, px of the reference, interleaved x, y. */
  readonly target: Float64Array;
  /** Its match, px of the sensed image, interleaved x, y. */
  readonly source: Float64Array;
  /** [xx, xy, yy] px² of the reference. */
  readonly covariance: Float64Array;
  /** Normalised correlation at the match. */
  readonly score: Float64Array;
  /** `distinctness` of each peak: how far it stands above the next best place. */
  readonly distinctness: Float64Array;
  /** Disagreement of forward and backward search, px of the reference; 0 where only one was made. */
  readonly roundTrip: Float64Array;
}

/** Highest frequency of the features that the correlation keeps, cycles per px: one px of smoothing leaves little above. */
const bandwidth = 0.3;
/** Windows that are correlated in one run. */
export const batchSize = 8;

function centre(x: Tensor, size: number): Tensor {
  const margin = (x.shape[3]! - size) / 2;
  return slice(x, { axes: [2, 3], starts: [margin, margin], ends: [margin + size, margin + size] });
}

/** Side of what is taken of the reference for a pass, px of the grid: the window alone, or all that may match a window backwards. */
export function referenceSide({ window, radius, bothWays = false }: GridPass): number {
  return bothWays ? window + 2 * radius : window;
}

/** Correlation maps of {@link batchSize} windows, of the reference in the sensed image and, if asked for, backwards. */
export function scoreModel(channels: number, pass: GridPass): Model<Readonly<Record<string, Tensor>>> {
  const { window, radius } = pass;
  const describe = (name: string, size: number): Described => ({
    features: input(name, [batchSize, channels, size, size]),
    support: input(`${name}Support`, [batchSize, 1, size, size]),
  });
  const reference = describe('reference', referenceSide(pass));
  const sensed = describe('sensed', window + 2 * radius);
  const inputs = [reference.features, reference.support, sensed.features, sensed.support];
  const search = (template: Described, { features }: Described): Tensor =>
    normalisedCorrelation(template.features, template.support, features, radius, bandwidth);
  if (!pass.bothWays) {
    return buildModel({ inputs: inputs.slice(0, 3), outputs: { forward: search(reference, sensed) } });
  }
  const middle = ({ features, support }: Described): Described => ({
    features: centre(features, window),
    support: centre(support, window),
  });
  const [forward, backward] = [search(middle(reference), sensed), search(middle(sensed), reference)];
  return buildModel({ inputs, outputs: { forward, backward } });
}

/** Forward and backward peaks joined: the displacement in window px, and how far the two disagree. */
interface Joined {
  readonly dx: number;
  readonly dy: number;
  readonly roundTrip: number;
  readonly peak: Peak;
}

function join(forward: Peak, backward: Peak | null | undefined, limit: number): Joined | null {
  if (backward === undefined) return { dx: forward.dx, dy: forward.dy, roundTrip: 0, peak: forward };
  if (backward === null) return null;
  const roundTrip = Math.hypot(forward.dx + backward.dx, forward.dy + backward.dy);
  if (roundTrip > limit) return null;
  return { dx: (forward.dx - backward.dx) / 2, dy: (forward.dy - backward.dy) / 2, roundTrip, peak: forward };
}

/**
 * The uncertainty of a peak, px² of the window: the inverse of its curvature times what is left to a perfect score. The factor
 * and the floor are fitted on training pairs so that normalised errors have unit variance (see dev-docs/matching.md).
 */
function peakCovariance({ score, curvature: [xx, xy, yy] }: Peak): [number, number, number] {
  const det = xx * yy - xy * xy;
  const noise = covarianceScale * Math.max(1 - score, 0.05);
  if (xx <= 0 || yy <= 0 || det <= 1e-9) return [4, 0, 4];
  const widest = (noise * Math.max(xx, yy)) / det;
  const scale = (Math.min(widest, 16) / widest) * (noise / det);
  return [scale * yy + varianceFloor, -scale * xy, scale * xx + varianceFloor];
}

const covarianceScale = 0.02;
const varianceFloor = 0.04;

/**
 * Window centres, px of the reference, interleaved: chosen at the pass's resolution and set on its grid, so that windows of an
 * image described as a whole need no interpolation.
 */
export function windowCentres(
  reference: Pyramid,
  sensed: Pyramid,
  referenceToSensed: MatrixTransform,
  pass: GridPass,
): Float64Array {
  const level = levelFor(reference, pass.step);
  const shrink = 2 ** level;
  const toLevel: MatrixTransform = { model: 'similarity', matrix: [shrink, 0, 0, 0, shrink, 0, 0, 0, 1] };
  const grid = { cells: pass.cells, size: (pass.window * pass.step) / shrink };
  const map = composeTransforms(referenceToSensed, toLevel);
  const centres = chooseWindows(reference.levels[level]!, sensed.levels[0]!, map, grid);
  return centres.map((v) => Math.round((v * shrink) / pass.step) * pass.step);
}

/**
 * Matches windows on a grid: chosen where there is structure, described by features that survive a change of sensor, searched
 * within a radius by normalised correlation, each with a sub-pixel peak. Windows whose best place lies on the border of the
 * search area, or whose forward and backward matches disagree, give no match.
 *
 * @param referenceToSensed - the geometry so far; sensed windows are sampled through it
 */
export async function matchGrid(
  engine: Engine,
  reference: Pyramid,
  sensed: Pyramid,
  referenceToSensed: MatrixTransform,
  features: StructureFeatures,
  pass: GridPass,
  signal?: AbortSignal,
): Promise<GridMatches> {
  const { step, window, radius } = pass;
  const size = window + 2 * radius;
  const { width, height } = reference.levels[0]!;
  const centres = windowCentres(reference, sensed, referenceToSensed, pass);
  const tried = centres.length / 2;
  const side = 2 * radius + 1;
  const key = `grid ${features.channels} ${window} ${radius} ${pass.bothWays ?? false}`;
  const from = allocateMaps(batchSize, features.channels, referenceSide(pass));
  const to = allocateMaps(batchSize, features.channels, size);
  const ground = { image: reference, map: null, step, width, height };
  const fromReference = await openWindows(engine, features, ground, tried, from.width);
  const fromSensed = await openWindows(
    engine,
    features,
    { ...ground, image: sensed, map: referenceToSensed },
    tried,
    size,
  );
  const rows: number[][] = [];
  for (let first = 0; first < tried; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, tried - first);
    const points = centres.subarray(2 * first, 2 * (first + count));
    await Promise.all([fromReference(points, from), fromSensed(points, to)]);
    const maps = await engine.run(key, () => scoreModel(features.channels, pass), {
      reference: from.features,
      referenceSupport: from.support,
      sensed: to.features,
      ...(pass.bothWays ? { sensedSupport: to.support } : {}),
    });
    for (let i = 0; i < count; i++) {
      const forward = findPeak(maps['forward']!, i, side);
      if (forward === null) continue;
      const backward = maps['backward'] === undefined ? undefined : findPeak(maps['backward'], i, side);
      const joined = join(forward, backward, 2);
      if (joined === null) continue;
      const x = points[2 * i]!;
      const y = points[2 * i + 1]!;
      const [sx, sy] = transformPoint(referenceToSensed, x + joined.dx * step, y + joined.dy * step);
      const [xx, xy, yy] = peakCovariance(joined.peak);
      const s2 = step * step;
      const { score, distinctness } = joined.peak;
      rows.push([x, y, sx, sy, xx * s2, xy * s2, yy * s2, score, distinctness, joined.roundTrip * step]);
    }
  }
  const column = (...indices: number[]): Float64Array =>
    Float64Array.from(rows.flatMap((r) => indices.map((i) => r[i]!)));
  return {
    count: rows.length,
    tried,
    centres,
    target: column(0, 1),
    source: column(2, 3),
    covariance: column(4, 5, 6),
    score: column(7),
    distinctness: column(8),
    roundTrip: column(9),
  };
}
