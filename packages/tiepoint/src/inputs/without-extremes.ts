import type { Plane } from '@tiepoint/geometry';

/** Values that stand for "nothing here" in files whose tags do not say so. */
const customary: ReadonlySet<number> = new Set([
  -99,
  -999,
  -9999,
  -99999,
  -999999,
  -32768,
  -32767,
  -2147483648,
  1e20,
  1e30,
  Math.fround(1e20),
  Math.fround(1e30),
  Math.fround(9.969209968386869e36),
]);

/** Interquartile ranges beyond the quartiles where samples are no longer believed: below, above, and of customary values. */
const limits = { below: 500, above: 1e5, customary: 5 } as const;

/** What of an image is believed; null where all of it is. */
export interface BelievedRange {
  readonly low: number;
  readonly high: number;
  /** Share of the valid samples that lie outside. */
  readonly share: number;
  /** One of those samples. */
  readonly example: number;
}

function quartiles(plane: Plane): readonly [number, number] {
  const sample: number[] = [];
  const step = Math.max(1, Math.floor(plane.data.length / 20_000));
  for (let i = 0; i < plane.data.length; i += step) {
    if (plane.mask === undefined || plane.mask[i] === 1) sample.push(plane.data[i]!);
  }
  sample.sort((a, b) => a - b);
  const at = (q: number): number => sample[Math.floor(q * (sample.length - 1))] ?? 0;
  return [at(0.25), at(0.75)];
}

/**
 * The range of samples that can be the image's: one sample of 1e30 would flatten all others. Bright targets of radar reach
 * 10⁴ times what is around them, hence the distance above.
 */
export function believedRange(plane: Plane): BelievedRange | null {
  const [q1, q3] = quartiles(plane);
  const spread = q3 - q1;
  if (!(spread > 0)) return null;
  let [low, high] = [q1 - limits.below * spread, q3 + limits.above * spread];
  const doubtful = (v: number): boolean =>
    customary.has(v) && (v < q1 - limits.customary * spread || v > q3 + limits.customary * spread);
  const { data, mask } = plane;
  let [valid, outside, example] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (mask && mask[i] !== 1) continue;
    valid++;
    const v = data[i]!;
    if (v >= low && v <= high && !doubtful(v)) continue;
    outside++;
    example = v;
    // A customary value narrows the range: reduced images mix it with its neighbours.
    if (doubtful(v) && v < q1) low = Math.max(low, (v + q1) / 2);
    if (doubtful(v) && v > q3) high = Math.min(high, (v + q3) / 2);
  }
  return outside === 0 ? null : { low, high, share: outside / valid, example };
}

/** A plane without the samples outside a range. */
export function withinRange(plane: Plane, { low, high }: BelievedRange): Plane {
  const data = plane.data.slice();
  const mask = plane.mask?.slice() ?? new Uint8Array(data.length).fill(1);
  for (let i = 0; i < data.length; i++) {
    if (data[i]! >= low && data[i]! <= high) continue;
    data[i] = 0;
    mask[i] = 0;
  }
  return { ...plane, data, mask };
}
