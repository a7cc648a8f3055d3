import type { DisplacementVector } from './displacements.js';
import type { Terrain } from './terrain.js';

/** What displacements may depend on. */
type TrendName = 'column' | 'row' | 'elevation' | 'slope';

/** How the displacements depend on one quantity, along both axes. */
export interface Trend {
  readonly against: TrendName;
  readonly unit: 'px' | 'm' | '°';
  /** Vectors at which the quantity is known. */
  readonly count: number;
  readonly x: TrendLine;
  readonly y: TrendLine;
  /** Parts of the quantity's range, of one width; those without vectors are left out. */
  readonly bins: readonly TrendBin[];
}

/** A straight line through displacements, least squares. */
interface TrendLine {
  /** px for a unit of the quantity, and the standard deviation of that. */
  readonly slope: number;
  readonly slopeSd: number;
  /** −1 to 1; 0 where nothing varies. */
  readonly correlation: number;
}

/** Displacements where the quantity lies between two values, px of the reference. */
interface TrendBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly sdX: number;
  readonly sdY: number;
}

/** Vectors below which a line says nothing. */
const leastCount = 4;
const mostBins = 10;

/** The values of each quantity at the vectors. */
function quantitiesAt(
  vectors: readonly DisplacementVector[],
  terrain: Terrain | null,
): readonly { readonly against: TrendName; readonly unit: Trend['unit']; readonly values: Float64Array }[] {
  const place = (axis: 0 | 1): Float64Array => Float64Array.from(vectors, ({ reference }) => reference[axis]);
  return [
    { against: 'column', unit: 'px', values: place(0) },
    { against: 'row', unit: 'px', values: place(1) },
    ...(terrain === null
      ? []
      : [
          { against: 'elevation', unit: 'm', values: terrain.elevation } as const,
          { against: 'slope', unit: '°', values: terrain.slope } as const,
        ]),
  ];
}

/**
 * How displacements depend on where they are, and on the ground where that is known: what is left of relief grows with elevation,
 * of a sensor's attitude with row or column.
 */
export function trendsOf(vectors: readonly DisplacementVector[], terrain: Terrain | null): readonly Trend[] {
  return quantitiesAt(vectors, terrain).flatMap(({ against, unit, values }) => {
    const known = vectors.flatMap(({ displacement: [dx, dy] }, i) =>
      Number.isFinite(values[i]!) ? [{ at: values[i]!, dx, dy }] : [],
    );
    if (known.length < leastCount) return [];
    const at = known.map((one) => one.at);
    const [dx, dy] = [known.map((one) => one.dx), known.map((one) => one.dy)];
    return [
      { against, unit, count: known.length, x: lineThrough(at, dx), y: lineThrough(at, dy), bins: binsOf(known) },
    ];
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function lineThrough(at: readonly number[], values: readonly number[]): TrendLine {
  const [meanAt, meanValue] = [meanOf(at), meanOf(values)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [i, a] of at.entries()) {
    const [u, v] = [a - meanAt, values[i]! - meanValue];
    [xx, xy, yy] = [xx + u * u, xy + u * v, yy + v * v];
  }
  if (!(xx > 0)) return { slope: 0, slopeSd: 0, correlation: 0 };
  const slope = xy / xx;
  const left = Math.max(0, yy - slope * xy);
  return {
    slope,
    slopeSd: Math.sqrt(left / (at.length - 2) / xx),
    correlation: yy > 0 ? xy / Math.sqrt(xx * yy) : 0,
  };
}

function binsOf(known: readonly { readonly at: number; readonly dx: number; readonly dy: number }[]): TrendBin[] {
  const low = known.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const high = known.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  const width = (high - low) / mostBins;
  const members = Array.from({ length: width > 0 ? mostBins : 1 }, (): (typeof known)[number][] => []);
  for (const one of known) {
    members[width > 0 ? Math.min(mostBins - 1, Math.floor((one.at - low) / width)) : 0]!.push(one);
  }
  return members.flatMap((inside, i) => {
    if (inside.length === 0) return [];
    const [dx, dy] = [inside.map((one) => one.dx), inside.map((one) => one.dy)];
    const [meanX, meanY] = [meanOf(dx), meanOf(dy)];
    const spread = (values: readonly number[], mean: number): number =>
      Math.sqrt(meanOf(values.map((v) => (v - mean) ** 2)));
    return [
      {
        from: low + i * width,
        to: width > 0 ? low + (i + 1) * width : high,
        count: inside.length,
        meanX,
        meanY,
        sdX: spread(dx, meanX),
        sdY: spread(dy, meanY),
      },
    ];
  });
}
