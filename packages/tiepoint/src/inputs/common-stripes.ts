import { mean, median, type Plane } from '@tiepoint/geometry';

/** Along what stripes run: columns of pixels or rows. */
export type StripeAxis = 'columns' | 'rows';

/** Two planes without the stripes that both carry at the same pixels, and along what these run: nothing where there are none. */
export interface WithoutStripes {
  readonly reference: Plane;
  readonly sensed: Plane;
  readonly stripes: readonly StripeAxis[];
}

/** Sides of the running means that stripes are seen against and taken out against, px: a stripe is narrow, its pattern has all widths. */
const sides = { seen: 5, removed: 31 } as const;
/** Detail beyond this many deviations is an edge of the scene's and says little of a stripe. */
const clearEdge = 3;
/** Shifts at which two patterns that have nothing to do with each other are compared, px: beyond the running mean. */
const shiftsAside = { from: 3, to: 20 } as const;
/**
 * From which stripes are common: correlation of the profiles of other halves, and that over the root mean square of those at shifts
 * aside. Of 28 pairs without stripes 0.33 and 3.7 at most, of 13 with the same columns 0.75 and 10.3 at least.
 */
const common = { correlation: 0.6, deviations: 6 } as const;
/** Lines that are looked at of each part, and samples of each that tell its usual detail: of large images more say nothing new. */
const sampled = { lines: 256, samples: 256 } as const;
/** Share of a column that has to be valid. */
const leastValid = 0.25;

/** How samples of a plane lie along one axis: `count` profiles' places, `length` samples at each. */
interface Lattice {
  readonly count: number;
  readonly length: number;
  readonly index: (place: number, along: number) => number;
}

function latticeOf({ width, height }: Plane, axis: StripeAxis): Lattice {
  return axis === 'columns'
    ? { count: width, length: height, index: (x, y) => y * width + x }
    : { count: height, length: width, index: (y, x) => y * width + x };
}

/** What of each column is looked at, as shares of its length. */
type Part = readonly [from: number, to: number];
const whole: Part = [0, 1];
const first: Part = [0, 0.5];
const second: Part = [0.5, 1];

/** Mean of each column's values beyond those of its neighbours; NaN where too little is valid. */
function profileOf(plane: Plane, axis: StripeAxis, side: number, [begin, end]: Part): Float64Array {
  const { data, mask } = plane;
  const { count, length: all, index } = latticeOf(plane, axis);
  const [top, bottom] = [Math.round(begin * all), Math.round(end * all)];
  const step = Math.max(1, Math.floor((bottom - top) / sampled.lines));
  const length = Math.ceil((bottom - top) / step);
  const reach = side >> 1;
  const every = Math.max(1, Math.floor(count / sampled.samples));
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  const line = new Float64Array(count);
  const detail = new Float64Array(count);
  for (let along = top; along < bottom; along += step) {
    const isValid = (place: number): boolean => mask === undefined || mask[index(place, along)] === 1;
    const before = new Float64Array(count + 1);
    const known = new Float64Array(count + 1);
    for (let place = 0; place < count; place++) {
      line[place] = isValid(place) ? data[index(place, along)]! : 0;
      before[place + 1] = before[place]! + line[place]!;
      known[place + 1] = known[place]! + (isValid(place) ? 1 : 0);
    }
    const own: number[] = [];
    for (let place = 0; place < count; place++) {
      const [from, to] = [Math.max(0, place - reach), Math.min(count, place + reach + 1)];
      const number = known[to]! - known[from]!;
      detail[place] = isValid(place) ? line[place]! - (before[to]! - before[from]!) / number : Number.NaN;
      if (isValid(place) && place % every === 0) own.push(Math.abs(detail[place]!));
    }
    if (own.length === 0) continue;
    const most = clearEdge * 1.4826 * median(own);
    for (let place = 0; place < count; place++) {
      if (Number.isNaN(detail[place]!)) continue;
      sums[place]! += Math.max(-most, Math.min(most, detail[place]!));
      counts[place]!++;
    }
  }
  return sums.map((sum, place) => (counts[place]! >= leastValid * length ? sum / counts[place]! : Number.NaN));
}

/** Pearson's correlation of two profiles, the second shifted; 0 where they share too little. */
function correlationAt(a: Float64Array, b: Float64Array, shift: number): number {
  const pairs: [number, number][] = [];
  for (let i = Math.max(0, -shift); i < Math.min(a.length, b.length - shift); i++) {
    if (!Number.isNaN(a[i]!) && !Number.isNaN(b[i + shift]!)) pairs.push([a[i]!, b[i + shift]!]);
  }
  const [u, v] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  let [uv, uu, vv] = [0, 0, 0];
  for (const [x, y] of pairs) {
    uv += (x - u) * (y - v);
    uu += (x - u) ** 2;
    vv += (y - v) ** 2;
  }
  return uu > 0 && vv > 0 && pairs.length > 2 * shiftsAside.to ? uv / Math.sqrt(uu * vv) : 0;
}

function areCommon(a: Float64Array, b: Float64Array): boolean {
  const here = correlationAt(a, b, 0);
  if (here < common.correlation) return false;
  const squares: number[] = [];
  for (let shift = shiftsAside.from; shift <= shiftsAside.to; shift++) {
    squares.push(correlationAt(a, b, shift) ** 2, correlationAt(a, b, -shift) ** 2);
  }
  return here >= common.deviations * Math.sqrt(mean(squares));
}

function less(plane: Plane, axis: StripeAxis): Plane {
  const profile = profileOf(plane, axis, sides.removed, whole);
  const { count, length, index } = latticeOf(plane, axis);
  const data = plane.data.slice();
  for (let place = 0; place < count; place++) {
    if (Number.isNaN(profile[place]!)) continue;
    for (let along = 0; along < length; along++) data[index(place, along)]! -= profile[place]!;
  }
  return { ...plane, data };
}

/**
 * Takes out stripes that both planes carry at the same pixels, the fixed pattern of a detector: it agrees wherever the ground lies. Each
 * plane loses the mean of its own columns (or rows) beyond that of their neighbours, and with it what little of the scene that is.
 */
export function withoutCommonStripes(reference: Plane, sensed: Plane): WithoutStripes {
  let planes: WithoutStripes = { reference, sensed, stripes: [] };
  for (const axis of ['columns', 'rows'] as const) {
    // A stripe is the same all along, so that other halves of a column are compared: what both show there is other ground.
    const seen = (plane: Plane, part: Part): Float64Array => profileOf(plane, axis, sides.seen, part);
    const across = [
      [first, second],
      [second, first],
    ] as const;
    if (!across.every(([a, b]) => areCommon(seen(planes.reference, a), seen(planes.sensed, b)))) continue;
    planes = {
      reference: less(planes.reference, axis),
      sensed: less(planes.sensed, axis),
      stripes: [...planes.stripes, axis],
    };
  }
  return planes;
}
