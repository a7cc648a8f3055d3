import {
  type Correspondences,
  fitTransform,
  mean,
  quantile,
  residualsOf,
  subset,
  type Transform,
  transformPoint,
} from '@tiepoint/geometry';

/** Two parts of the ground that a line divides, and that fit better under a transform of their own. */
export interface SplitMotion {
  /** Middle of the part with fewer tie points, px of the reference. */
  readonly x: number;
  readonly y: number;
  /** By how much it is moved against the other where they meet, px of the reference. */
  readonly dx: number;
  readonly dy: number;
  /** Share of the tie points that it holds. */
  readonly share: number;
  /** Length of that in px of the planes that were matched: how well it is known does not depend on the size of the files. */
  readonly matchedJump: number;
  /**
   * How much better two transforms explain the tie points than one does: the drop of their costs, natural logarithms of Cauchy's density.
   * Absent in evidence that was stored before this was measured.
   */
  readonly gain?: number | undefined;
}

/** A split with all that is measured of it. */
export type MeasuredSplit = SplitMotion & { readonly gain: number };

/** Where lines are tried: at these shares of the tie points, along either axis. */
const lines = [0.3, 0.4, 0.5, 0.6, 0.7];
/** Tie points of each part, at least: an affine transform of fewer says little at its border. */
const fewest = 12;
/** Residuals beyond this weigh little, px: wrong matches are among them. */
const typicalResidual = 2;
const iterations = 15;

interface PartFit {
  readonly transform: Transform;
  /** Sum of the robust (Cauchy) costs of its residuals. */
  readonly cost: number;
}

const squared = (residuals: Float64Array, i: number): number =>
  (residuals[2 * i]! ** 2 + residuals[2 * i + 1]! ** 2) / typicalResidual ** 2;

/** An affine transform that few wrong matches do not move: reweighted least squares with Cauchy's weights. */
function fitPart(points: Correspondences): PartFit | null {
  let weights = new Float64Array(points.source.length / 2).fill(1);
  let found: Transform | null = null;
  for (let i = 0; i < iterations; i++) {
    const fit = fitTransform(points, 'affine', weights);
    if (fit === null) return null;
    found = fit.transform;
    weights = weights.map((_, k) => 1 / (1 + squared(fit.residuals, k)));
  }
  return found && { transform: found, cost: weights.reduce((sum, weight) => sum - Math.log(weight), 0) };
}

/** The two sides of a line at a share of the tie points. */
function partsAt(places: Float64Array, axis: 0 | 1, share: number): readonly [readonly number[], readonly number[]] {
  const along = places.filter((_, i) => i % 2 === axis);
  const line = quantile(along, share);
  const indices = Array.from(along.keys());
  return [indices.filter((i) => along[i]! < line), indices.filter((i) => along[i]! >= line)];
}

/** Mean displacement of `b` against `a` along a line between the parts. */
function jumpAlong(
  places: Float64Array,
  axis: 0 | 1,
  share: number,
  { a, b }: { readonly a: Transform; readonly b: Transform },
): readonly [number, number] {
  const line = quantile(
    places.filter((_, i) => i % 2 === axis),
    share,
  );
  const across = places.filter((_, i) => i % 2 === 1 - axis);
  const jumps = [0.1, 0.3, 0.5, 0.7, 0.9].map((q) => {
    const at = quantile(across, q);
    const [x, y] = axis === 0 ? [line, at] : [at, line];
    const [ax, ay] = transformPoint(a, x, y);
    const [bx, by] = transformPoint(b, x, y);
    return [bx - ax, by - ay] as const;
  });
  return [mean(jumps.map(([x]) => x)), mean(jumps.map(([, y]) => y))];
}

/**
 * The line that best divides tie points into two that moved differently. A single transform leans between them, so that each side is
 * off by half of the jump and hardly any tie point is far off; apart they meet at a step.
 *
 * @param points - all tie points, agreeing or not, px of the planes; @param transform - what was fitted to them
 * @returns px of the reference plane; null where there are too few tie points for two transforms
 */
export function splitMotion(points: Correspondences, transform: Transform): MeasuredSplit | null {
  const residuals = residualsOf(transform, points);
  const places = points.target;
  // Residuals as a motion of the reference: what an affine transform leaves of them depends on where the line is.
  const motion: Correspondences = { source: places, target: places.map((v, i) => v + residuals[i]!) };
  const whole = fitPart(motion);
  if (whole === null) return null;
  let best: (MeasuredSplit & { readonly cost: number }) | null = null;
  for (const axis of [0, 1] as const) {
    for (const share of lines) {
      const parts = partsAt(places, axis, share);
      if (parts.some((part) => part.length < fewest)) continue;
      const [low, high] = [fitPart(subset(motion, parts[0])), fitPart(subset(motion, parts[1]))];
      if (low === null || high === null || low.cost + high.cost >= (best?.cost ?? Infinity)) continue;
      const lower = parts[0].length < parts[1].length;
      const [one, other] = lower ? [low, high] : [high, low];
      const [dx, dy] = jumpAlong(places, axis, share, { a: other.transform, b: one.transform });
      const own = subset(motion, parts[lower ? 0 : 1]).source;
      best = {
        x: mean(own.filter((_, i) => i % 2 === 0)),
        y: mean(own.filter((_, i) => i % 2 === 1)),
        dx,
        dy,
        share: own.length / places.length,
        matchedJump: Math.hypot(dx, dy),
        gain: whole.cost - low.cost - high.cost,
        cost: low.cost + high.cost,
      };
    }
  }
  if (best === null) return null;
  const { cost: _, ...split } = best;
  return split;
}
