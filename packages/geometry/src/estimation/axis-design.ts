import type { AxisTerms } from '../models/model.js';
import type { Correspondences } from '../points/correspondences.js';
import type { Normalisation } from '../points/normalisation.js';
import { informationOf, type NormalEquations } from './normal-equations.js';

/** The points of positive weight as a model sees them whose axes have the same terms: kept, as terms cost more than sums. */
export interface AxisDesign {
  /** Points, and terms an axis. */
  readonly count: number;
  readonly size: number;
  /** The terms of each point, row by row. */
  readonly rows: Float64Array;
  /** Which of the correspondences each is. */
  readonly indices: Int32Array;
  /** Targets relative to the normalisation's centre, interleaved. */
  readonly targets: Float64Array;
  /** Weighted inverse covariance [xx, xy, yy] of each. */
  readonly information: Float64Array;
  readonly weights: Float64Array;
  /** Whether no axis says anything of the other and both count the same: one set of equations serves both. */
  readonly alike: boolean;
}

/** @throws TiepointError `invalid-covariance` where one is not positive definite. */
export function axisDesign(
  points: Correspondences,
  axis: AxisTerms,
  n: Normalisation,
  weights?: Float64Array,
): AxisDesign {
  const all = points.source.length / 2;
  let count = 0;
  for (let i = 0; i < all; i++) if (weights === undefined || weights[i]! > 0) count++;
  const size = axis.count;
  const design = {
    count,
    size,
    rows: new Float64Array(count * size),
    indices: new Int32Array(count),
    targets: new Float64Array(2 * count),
    information: new Float64Array(3 * count),
    weights: new Float64Array(count),
  };
  const row = new Float64Array(size);
  const information = new Float64Array(3);
  let alike = true;
  let k = 0;
  for (let i = 0; i < all; i++) {
    const w = weights === undefined ? 1 : weights[i]!;
    if (!(w > 0)) continue;
    informationOf(points, i, information);
    alike &&= information[1] === 0 && information[0] === information[2];
    axis.write((points.source[2 * i]! - n.sourceX) / n.scale, (points.source[2 * i + 1]! - n.sourceY) / n.scale, row);
    design.rows.set(row, k * size);
    design.indices[k] = i;
    design.weights[k] = w;
    design.targets[2 * k] = points.target[2 * i]! - n.targetX;
    design.targets[2 * k + 1] = points.target[2 * i + 1]! - n.targetY;
    for (let part = 0; part < 3; part++) design.information[3 * k + part] = w * information[part]!;
    k++;
  }
  return { ...design, alike };
}

/** Adds `xx` row rowᵀ, and as much by `xy` and `yy`, to the lower triangles of three matrices, or to the first only. */
function addRow(
  to: readonly Float64Array[],
  row: Float64Array,
  at: number,
  size: number,
  xx: number,
  xy: number,
  yy: number,
): void {
  const [first, second, third] = to as readonly [Float64Array, Float64Array | undefined, Float64Array | undefined];
  for (let a = 0; a < size; a++) {
    const value = row[at + a]!;
    // Splines of compact support have few terms anywhere.
    if (value === 0) continue;
    const [x, base] = [xx * value, a * size];
    for (let b = 0; b <= a; b++) first[base + b]! += x * row[at + b]!;
    if (second === undefined) continue;
    const [c, y] = [xy * value, yy * value];
    for (let b = 0; b <= a; b++) {
      second[base + b]! += c * row[at + b]!;
      third![base + b]! += y * row[at + b]!;
    }
  }
}

/** One matrix of the lower triangles that `addRow` sums: of one axis, or [xx, xy; xy, yy]. */
function assemble(parts: readonly Float64Array[], size: number): Float64Array {
  const [xx, xy, yy] = parts as readonly [Float64Array, Float64Array | undefined, Float64Array | undefined];
  const width = xy === undefined ? size : 2 * size;
  const matrix = new Float64Array(width * width);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const k = a * size + b;
      matrix[a * width + b] = matrix[b * width + a] = xx[k]!;
      if (xy === undefined) continue;
      matrix[(size + a) * width + b] = matrix[(size + b) * width + a] = xy[k]!;
      matrix[a * width + size + b] = matrix[b * width + size + a] = xy[k]!;
      matrix[(size + a) * width + size + b] = matrix[(size + b) * width + size + a] = yy![k]!;
    }
  }
  return matrix;
}

/** What the points chosen are off by at `parameters`: Σ w JᵀΣ⁻¹r, and Σ w rᵀΣ⁻¹r. */
export function axisResiduals(
  { count, size, rows, targets, information }: AxisDesign,
  parameters: Float64Array,
): { readonly right: Float64Array; readonly sumSquares: number } {
  const right = new Float64Array(2 * size);
  let sumSquares = 0;
  for (let i = 0; i < count; i++) {
    let dx = targets[2 * i]!;
    let dy = targets[2 * i + 1]!;
    const at = i * size;
    for (let a = 0; a < size; a++) {
      dx -= parameters[a]! * rows[at + a]!;
      dy -= parameters[size + a]! * rows[at + a]!;
    }
    const ex = information[3 * i]! * dx + information[3 * i + 1]! * dy;
    const ey = information[3 * i + 1]! * dx + information[3 * i + 2]! * dy;
    sumSquares += dx * ex + dy * ey;
    for (let a = 0; a < size; a++) {
      right[a]! += ex * rows[at + a]!;
      right[size + a]! += ey * rows[at + a]!;
    }
  }
  return { right, sumSquares };
}

/**
 * The normal equations of a design at parameters 0.
 *
 * @param withNoise - whether `noise` is wanted
 * @param chosen - which of the design's points count: all where absent
 */
export function sumAxisEquations(
  design: AxisDesign,
  withNoise: boolean,
  chosen?: (index: number) => boolean,
): NormalEquations {
  const { count, size, rows, information, weights, targets, alike } = design;
  const triangles = (): Float64Array[] => Array.from({ length: alike ? 1 : 3 }, () => new Float64Array(size * size));
  const [sums, noise] = [triangles(), withNoise ? triangles() : null];
  const right = new Float64Array(2 * size);
  let [sumSquares, sumWeights, used] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (chosen !== undefined && !chosen(design.indices[i]!)) continue;
    const [xx, xy, yy] = [information[3 * i]!, information[3 * i + 1]!, information[3 * i + 2]!];
    const w = weights[i]!;
    used++;
    sumWeights += w;
    addRow(sums, rows, i * size, size, xx, xy, yy);
    if (noise !== null) addRow(noise, rows, i * size, size, w * xx, w * xy, w * yy);
    const [dx, dy] = [targets[2 * i]!, targets[2 * i + 1]!];
    const [ex, ey] = [xx * dx + xy * dy, xy * dx + yy * dy];
    sumSquares += dx * ex + dy * ey;
    for (let a = 0; a < size; a++) {
      right[a]! += ex * rows[i * size + a]!;
      right[size + a]! += ey * rows[i * size + a]!;
    }
  }
  const matrix = assemble(sums, size);
  return {
    size: alike ? size : 2 * size,
    copies: alike ? 2 : 1,
    matrix,
    noise: noise === null ? matrix : assemble(noise, size),
    right,
    sumSquares,
    sumWeights,
    count: used,
  };
}
