import { createRandom, type Plane, type Random, transformPoint, translation } from '@tiepoint/geometry';
import { loadPair } from '../registration/dataset.js';
import type { PairRecord } from '@tiepoint/training';
import { dunes, fields, type GroundView, water } from './generated-ground.js';
import { datePairs } from './stack-pairs.js';
import { movePair, type WarpedPair, warpPair } from '../registration/known-warp.js';
import { unrelatedPairs } from '../registration/unrelated.js';

/** Pairs of one kind that a registration may well get wrong; those that show no common ground have no right answer. */
export interface HardKind {
  readonly name: string;
  readonly related: boolean;
  pairs(data: string, records: readonly PairRecord[], count: number, seed: number): AsyncIterable<WarpedPair>;
}

/** Records spread evenly over the list, so that a few pairs still come from every set. */
function spread(records: readonly PairRecord[], count: number): readonly PairRecord[] {
  const many = Math.min(count, records.length);
  return Array.from({ length: many }, (_, i) => records[Math.floor(((i + 0.5) * records.length) / many)]!);
}

/** Moved sideways, up or down until 45 to 55 % of the reference is still shown. */
async function* halfOverlapping(
  data: string,
  records: readonly PairRecord[],
  count: number,
  seed: number,
): AsyncGenerator<WarpedPair> {
  const random = createRandom(seed);
  for (const record of spread(records, count)) {
    const pair = await loadPair(data, record);
    const share = 0.45 + 0.1 * random.uniform();
    const way = random.integer(4);
    const { width, height } = pair.reference;
    const along = (way % 2 === 0 ? width : height) * share * (way < 2 ? 1 : -1);
    const across = 10 * (random.uniform() - 0.5);
    yield movePair(pair, {
      angle: 0,
      scale: 1,
      dx: way % 2 === 0 ? along : across,
      dy: way % 2 === 0 ? across : along,
    });
  }
}

/** Bright blobs with soft edges over about `share` of the plane; what they cover stays valid, as under clouds. */
export function withClouds(plane: Plane, share: number, random: Random): Plane {
  const { width, height } = plane;
  const cover = new Float32Array(width * height);
  let covered = 0;
  while (covered < share * cover.length) {
    const [cx, cy] = [random.uniform() * width, random.uniform() * height];
    const radius = (0.04 + 0.1 * random.uniform()) * Math.max(width, height);
    for (let y = Math.max(0, Math.floor(cy - 1.5 * radius)); y < Math.min(height, cy + 1.5 * radius); y++) {
      for (let x = Math.max(0, Math.floor(cx - 1.5 * radius)); x < Math.min(width, cx + 1.5 * radius); x++) {
        const distance = Math.hypot(x - cx, y - cy) / radius;
        const i = y * width + x;
        const thick = Math.min(1, Math.max(0, (1.5 - distance) * 2));
        if (thick > cover[i]!) {
          if (cover[i]! < 0.5 && thick >= 0.5) covered++;
          cover[i] = thick;
        }
      }
    }
  }
  const data = plane.data.map((v, i) => v + cover[i]! * (235 + 6 * random.normal() - v));
  return { ...plane, data };
}

async function* cloudy(
  data: string,
  records: readonly PairRecord[],
  count: number,
  seed: number,
): AsyncGenerator<WarpedPair> {
  const random = createRandom(seed);
  for (const [i, record] of spread(records, count).entries()) {
    const pair = warpPair(await loadPair(data, record), 'small', seed + i);
    yield { ...pair, sensed: withClouds(pair.sensed, 0.3 + 0.3 * random.uniform(), random) };
  }
}

/** Generated ground seen by two sensors (contrast reversed), up to three periods apart. */
async function* generated(
  name: string,
  look: (view: GroundView) => Plane,
  count: number,
  seed: number,
): AsyncGenerator<WarpedPair> {
  const random = createRandom(seed);
  const size = 256;
  for (let i = 0; i < count; i++) {
    const period = 18 + random.integer(22);
    const [dx, dy] = [(random.uniform() - 0.5) * 6 * period, (random.uniform() - 0.5) * 6 * period];
    const view = { size, period, seed: seed + i, noise: random };
    const reference = look({ ...view, offset: [0, 0] });
    const seen = look({ ...view, offset: [dx, dy] });
    const sensedToReference = translation(dx, dy);
    const points: number[] = [];
    for (let k = 0; k < 100; k++) {
      const [x, y] = [((k % 10) + 0.5) * (size / 10), (Math.floor(k / 10) + 0.5) * (size / 10)];
      const [X, Y] = transformPoint(sensedToReference, x, y);
      if (X >= 0 && Y >= 0 && X < size && Y < size) points.push(x, y);
    }
    yield {
      id: `${name} of ${period} px, ${dx.toFixed(0)}, ${dy.toFixed(0)}`,
      set: name,
      reference,
      sensed: { ...seen, data: seen.data.map((v) => 255 - v) },
      sensedToReference,
      checkPoints: Float64Array.from(points),
    };
  }
}

async function* otherDates(data: string, count: number, seed: number): AsyncGenerator<WarpedPair> {
  let made = 0;
  for await (const pair of datePairs(data, count)) yield warpPair(pair, 'small', seed + made++);
}

/** The kinds of pairs on which verdicts err most easily. */
export const hardKinds: readonly HardKind[] = [
  { name: 'hard-half-overlap', related: true, pairs: halfOverlapping },
  { name: 'hard-cloudy', related: true, pairs: cloudy },
  {
    name: 'hard-self-similar',
    related: true,
    pairs: (_data, _records, count, seed) => generated('fields', fields, count, seed),
  },
  {
    name: 'hard-dunes',
    related: true,
    pairs: (_data, _records, count, seed) => generated('dunes', dunes, count, seed),
  },
  {
    name: 'hard-water',
    related: false,
    pairs: (_data, _records, count, seed) => generated('water', water, count, seed),
  },
  { name: 'hard-other-date', related: true, pairs: (data, _records, count, seed) => otherDates(data, count, seed) },
  {
    name: 'hard-unrelated-shift',
    related: false,
    pairs: (data, records, count, seed) => unrelatedPairs(data, records, count, seed, ['shift']),
  },
];
