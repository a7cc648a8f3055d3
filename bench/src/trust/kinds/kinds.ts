import { composeTransforms, createRandom, type Plane, type Random, translation } from '@tiepoint/geometry';
import type { PairRecord } from '@tiepoint/training';
import { crop, loadPair } from '../../registration/dataset.js';
import { type Motion, movePair, type WarpedPair, warpPair } from '../../registration/known-warp.js';
import { unrelatedPairs } from '../../registration/unrelated.js';
import { marksByName, withMarks, withPattern } from './marks.js';

/** Pairs on which a verdict errs easily; `related` ones have a right answer. */
export interface Kind {
  readonly name: string;
  readonly related: boolean;
  readonly pairs: (context: KindContext) => AsyncIterable<KindPair>;
}

/** A pair, and where its ground moved differently, each part's own truth: an answer is as wrong as at the worst of them. */
export interface KindPair extends WarpedPair {
  readonly parts?: readonly Pick<WarpedPair, 'sensedToReference' | 'checkPoints'>[];
}

/** What kinds are made of. */
interface KindContext {
  readonly data: string;
  readonly records: readonly PairRecord[];
  readonly count: number;
  readonly seed: number;
}

type Decorate = (plane: Plane, seed: number, role: 'reference' | 'sensed') => Promise<Plane>;

/** Records spread evenly over the list, so that a few pairs still come from every set; again from the start where they do not suffice. */
function spread(records: readonly PairRecord[], count: number): readonly PairRecord[] {
  return Array.from(
    { length: count },
    (_, i) => records[Math.floor(((i + 0.5) * records.length) / count) % records.length]!,
  );
}

/** Pairs of a place under a motion, drawn anew for each, with something done to both images. */
async function* moved(
  context: KindContext,
  motion: (random: Random, side: number) => Motion,
  decorate?: Decorate,
): AsyncGenerator<WarpedPair> {
  const random = createRandom(context.seed);
  for (const [i, record] of spread(context.records, context.count).entries()) {
    const aligned = await loadPair(context.data, record);
    const pair = movePair(aligned, motion(random, aligned.reference.width));
    yield decorate === undefined ? pair : await decorated(pair, decorate, context.seed + i);
  }
}

async function decorated(pair: WarpedPair, decorate: Decorate, seed: number): Promise<WarpedPair> {
  return {
    ...pair,
    reference: await decorate(pair.reference, seed, 'reference'),
    sensed: await decorate(pair.sensed, seed, 'sensed'),
  };
}

async function* unrelated(
  { data, records, count, seed }: KindContext,
  decorate?: Decorate,
): AsyncGenerator<WarpedPair> {
  let made = 0;
  for await (const pair of unrelatedPairs(data, records, 8 * count, seed, ['shift'])) {
    if (pair.reference.width !== pair.sensed.width || pair.reference.width < 256) continue;
    yield decorate === undefined ? pair : await decorated(pair, decorate, seed + made);
    if (++made >= count) return;
  }
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform();
const still: Motion = { angle: 0, scale: 1, dx: 0, dy: 0 };

/** Out from under the marks, far enough that standing still with them is wrong: an eighth of the side, and a few degrees. */
function farMotion(random: Random, side: number): Motion {
  const angle = 2 * Math.PI * random.uniform();
  const far = between(random, 0.07, 0.13) * side;
  return {
    angle: between(random, -4, 4) * (Math.PI / 180),
    scale: 1,
    dx: far * Math.cos(angle),
    dy: far * Math.sin(angle),
  };
}

const drawing =
  (name: string): Decorate =>
  async (plane, seed) =>
    withMarks(plane, await marksByName[name]!(plane.width, createRandom(seed)));
const pattern: Decorate = (plane, seed) => Promise.resolve(withPattern(plane, 7, createRandom(seed)));
/** A border without data of the same ragged shape in both. */
const nodata: Decorate = (plane, seed) => {
  const random = createRandom(seed);
  const { width, height } = plane;
  const cut = Array.from({ length: 4 }, () => between(random, 0.05, 0.3));
  const mask = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    const [a, b, c, d] = cut as [number, number, number, number];
    return x + 0.4 * y > a && 1 - x + 0.3 * y > b && y + 0.2 * x > c && 1 - y + 0.3 * x > d
      ? (plane.mask?.[i] ?? 1)
      : 0;
  });
  return Promise.resolve({ ...plane, data: plane.data.map((v, i) => (mask[i] === 1 ? v : 0)), mask });
};

const decorations: Readonly<Record<string, Decorate>> = {
  ...Object.fromEntries(Object.keys(marksByName).map((name) => [name, drawing(name)])),
  pattern,
  nodata,
};

const markKinds: readonly Kind[] = Object.entries(decorations).flatMap(([name, decorate]): Kind[] => [
  { name: `unrelated-${name}`, related: false, pairs: (context) => unrelated(context, decorate) },
  { name: `moved-${name}`, related: true, pairs: (context) => moved(context, farMotion, decorate) },
  { name: `aligned-${name}`, related: true, pairs: (context) => moved(context, () => still, decorate) },
]);

/** A share of the ground in common: the sensed image moved sideways or up. */
function overlapping(share: number): Kind {
  return {
    name: `overlap-${Math.round(100 * share)}`,
    related: true,
    pairs: (context) =>
      moved(context, (random, side) => {
        const along = side * (1 - share) * (random.integer(2) === 0 ? 1 : -1);
        const across = between(random, -0.03, 0.03) * side;
        return random.integer(2) === 0 ? { ...still, dx: along, dy: across } : { ...still, dx: across, dy: along };
      }),
  };
}

/** The sensed image coarser (below 1) or finer than the reference; see {@link rescaled}. */
function resolution(name: string, factor: number): Kind {
  return { name, related: true, pairs: (context) => rescaled(context, factor) };
}

/** Of the larger pairs: the whole ground at another resolution, turned a little. Both roles, as the factor says. */
async function* rescaled(context: KindContext, factor: number): AsyncGenerator<WarpedPair> {
  const random = createRandom(context.seed);
  const large = context.records.filter(({ id }) => id.startsWith('s1s2'));
  for (const record of spread(large.length > 0 ? large : context.records, context.count)) {
    const aligned = await loadPair(context.data, record);
    const angle = between(random, -6, 6) * (Math.PI / 180);
    const side = aligned.reference.width;
    const pair = movePair(aligned, { angle, scale: Math.min(factor, 1), dx: 0, dy: 0 });
    if (factor >= 1) {
      // The other role: the reference is the coarse one.
      const coarse = movePair(
        { ...aligned, sensed: aligned.reference, referenceToSensed: translation(0, 0) },
        { ...still, scale: 1 / factor },
      );
      const small = cut(coarse.sensed, side / factor);
      const f = 1 / factor;
      const offset = small.offset;
      const [a, b, c, d, e, g] = pair.sensedToReference.matrix;
      const middle = side / 2;
      const matrix = [
        f * a,
        f * b,
        f * (c - middle) + middle - offset,
        f * d,
        f * e,
        f * (g - middle) + middle - offset,
        0,
        0,
        1,
      ] as const;
      yield { ...pair, reference: small.plane, sensedToReference: { model: 'affine', matrix: [...matrix] } };
      continue;
    }
    const { plane, offset } = cut(pair.sensed, side * factor);
    const { matrix: m } = pair.sensedToReference;
    yield {
      ...pair,
      sensed: plane,
      sensedToReference: {
        model: 'affine',
        matrix: [m[0], m[1], m[2] + (m[0] + m[1]) * offset, m[3], m[4], m[5] + (m[3] + m[4]) * offset, 0, 0, 1],
      },
      checkPoints: pair.checkPoints
        .map((v) => v - offset)
        .filter((_, i, all) => {
          const [x, y] = [all[i - (i % 2)]!, all[i - (i % 2) + 1]!];
          return x > 0 && y > 0 && x < plane.width && y < plane.height;
        }),
    };
  }
}

/** The middle of a plane, and where it begins, px. */
function cut(plane: Plane, side: number): { readonly plane: Plane; readonly offset: number } {
  const size = Math.max(48, Math.floor(side / 2) * 2);
  const offset = (plane.width - size) >> 1;
  return { plane: crop(plane, offset, offset, size), offset };
}

/** A small part of the sensed image, a sixteenth of the area, somewhere in a large reference. */
async function* smallInLarge(context: KindContext): AsyncGenerator<WarpedPair> {
  const random = createRandom(context.seed);
  const large = context.records.filter(({ id }) => id.startsWith('s1s2'));
  for (const record of spread(large, context.count)) {
    const aligned = await loadPair(context.data, record);
    const pair = movePair(aligned, { ...still, angle: between(random, -3, 3) * (Math.PI / 180) });
    const size = pair.reference.width / 4;
    const [x, y] = [random.integer(3 * size), random.integer(3 * size)];
    const sensed = crop(pair.sensed, x, y, size);
    const { matrix: m } = pair.sensedToReference;
    const checkPoints: number[] = [];
    for (let i = 0; i < 49; i++) checkPoints.push((((i % 7) + 0.5) * size) / 7, ((Math.floor(i / 7) + 0.5) * size) / 7);
    yield {
      ...pair,
      sensed,
      sensedToReference: {
        model: 'affine',
        matrix: [m[0], m[1], m[0] * x + m[1] * y + m[2], m[3], m[4], m[3] * x + m[4] * y + m[5], 0, 0, 1],
      },
      checkPoints: Float64Array.from(checkPoints),
    };
  }
}

/** A tile repeated, each time a little different; the sensed image is moved by most of a period. */
async function* repeating(context: KindContext, period: number): AsyncGenerator<WarpedPair> {
  const random = createRandom(context.seed + period);
  const large = context.records.filter(({ id }) => id.startsWith('s1s2') || id.startsWith('infrared'));
  for (const record of spread(large, context.count)) {
    const pair = movePair(await loadPair(context.data, record), still);
    const { width, height } = pair.reference;
    const tile = Math.min(period, width >> 1);
    const [dx, dy] = [Math.round(between(random, -0.9, 0.9) * tile), Math.round(between(random, -0.9, 0.9) * tile)];
    const change = Float32Array.from({ length: 400 }, () => 6 * random.normal());
    const repeat = (plane: Plane, x0: number, y0: number): Plane => ({
      width,
      height,
      data: Float32Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [(i % width) + x0 + 10 * tile, Math.floor(i / width) + y0 + 10 * tile];
        const cell = Math.floor(x / tile) + 20 * Math.floor(y / tile);
        return plane.data[(y % tile) * width + (x % tile)]! + change[cell % 400]! + 4 * random.normal();
      }),
    });
    const sensedToReference = translation(dx, dy);
    const checkPoints = [...pair.checkPoints].map((v, i) => v - (i % 2 === 0 ? dx : dy));
    yield {
      ...pair,
      reference: repeat(pair.reference, 0, 0),
      sensed: repeat(pair.sensed, dx, dy),
      sensedToReference,
      checkPoints: Float64Array.from(checkPoints),
    };
  }
}

/** Half of the sensed image displaced by some px against the other: two strips, or tall relief. */
async function* halves(context: KindContext): AsyncGenerator<KindPair> {
  const random = createRandom(context.seed);
  for (const [i, record] of spread(context.records, context.count).entries()) {
    const pair = warpPair(await loadPair(context.data, record), 'shift', context.seed + i);
    const { width, height, data } = pair.sensed;
    const upright = random.integer(2) === 0;
    const step = 10;
    const isFirst = (x: number, y: number): boolean => (upright ? x < width / 2 : y < height / 2);
    const sensed: Plane = {
      ...pair.sensed,
      data: Float32Array.from(data, (v, k) => {
        const [x, y] = [k % width, Math.floor(k / width)];
        if (isFirst(x, y)) return v;
        const from = upright ? Math.min(height - 1, y + step) * width + x : y * width + Math.min(width - 1, x + step);
        return data[from]!;
      }),
    };
    const part = (first: boolean): Float64Array =>
      pair.checkPoints.filter((_, k, all) => isFirst(all[k - (k % 2)]!, all[k - (k % 2) + 1]!) === first);
    const displaced = composeTransforms(pair.sensedToReference, upright ? translation(0, step) : translation(step, 0));
    const parts = [
      { sensedToReference: pair.sensedToReference, checkPoints: part(true) },
      { sensedToReference: displaced, checkPoints: part(false) },
    ];
    yield { ...pair, sensed, parts };
  }
}

async function* noise({ count, seed }: KindContext): AsyncGenerator<WarpedPair> {
  const side = 256;
  for (let i = 0; i < count; i++) {
    const random = createRandom(seed + i);
    const ramp = (): Plane => {
      const [a, b] = [random.normal(), random.normal()];
      return {
        width: side,
        height: side,
        data: Float32Array.from(
          { length: side * side },
          (_, k) => 128 + (a * (k % side) + b * Math.floor(k / side)) / 4 + (i % 2 === 0 ? 3 : 30) * random.normal(),
        ),
      };
    };
    const pair = { reference: ramp(), sensed: ramp(), sensedToReference: translation(0, 0) };
    yield { id: `noise ${i}`, set: 'noise', ...pair, checkPoints: new Float64Array(0) };
  }
}

async function* mirrored(context: KindContext): AsyncGenerator<WarpedPair> {
  for await (const pair of moved(context, () => still)) {
    const { width, data } = pair.sensed;
    const turned = data.map((_, i) => data[i - (i % width) + width - 1 - (i % width)]!);
    yield { ...pair, sensed: { ...pair.sensed, data: turned } };
  }
}

/** Right answers at a level, as the registration bench moves them. */
function level(name: 'shift' | 'small' | 'any'): Kind {
  return {
    name: `level-${name}`,
    related: true,
    async *pairs({ data, records, count, seed }) {
      for (const [i, record] of spread(records, count).entries())
        yield warpPair(await loadPair(data, record), name, seed + i);
    },
  };
}

/** Every kind, by name. */
export const kinds: readonly Kind[] = [
  level('shift'),
  level('small'),
  level('any'),
  { name: 'aligned', related: true, pairs: (context) => moved(context, () => still) },
  {
    name: 'unrelated',
    related: false,
    pairs: (context) => unrelatedPairs(context.data, context.records, context.count, context.seed),
  },
  ...markKinds,
  ...[0.1, 0.15, 0.2, 0.3, 0.5].map(overlapping),
  resolution('coarser-3', 1 / 3),
  resolution('finer-3', 3),
  resolution('coarser-6', 1 / 6),
  resolution('finer-6', 6),
  { name: 'small-in-large', related: true, pairs: smallInLarge },
  ...[40, 70, 100, 130].map((period): Kind => ({
    name: `repeating-${period}`,
    related: true,
    pairs: (context) => repeating(context, period),
  })),
  { name: 'halves', related: true, pairs: halves },
  { name: 'noise', related: false, pairs: noise },
  { name: 'mirrored', related: false, pairs: mirrored },
];
