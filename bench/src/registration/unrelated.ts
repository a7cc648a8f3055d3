import { createRandom } from '@tiepoint/geometry';
import { loadPair } from './dataset.js';
import type { PairRecord } from '@tiepoint/training';
import { type Level, levels, type WarpedPair, warpPair } from './known-warp.js';

/** Two records of different places: other groups where a set has several, never neighbours in the list where it has one. */
function differentPlaces(records: readonly PairRecord[], a: number, b: number): boolean {
  const [x, y] = [records[a]!, records[b]!];
  if (x.set !== y.set) return true;
  // Tiles of one infrared scene overlap; the other sets' images are of separate ground, neighbours in the list perhaps not.
  return x.set === 'infrared' ? x.group !== y.group : Math.abs(a - b) > 3;
}

/** Seeded pairs of images that do not show the same ground: half of one set, half of two sets, warped at one of the levels. */
export async function* unrelatedPairs(
  data: string,
  records: readonly PairRecord[],
  count: number,
  seed: number,
  among: readonly Level[] = levels,
): AsyncGenerator<WarpedPair> {
  const random = createRandom(seed);
  for (let made = 0; made < count;) {
    const a = random.integer(records.length);
    const b = random.integer(records.length);
    const same = records[a]!.set === records[b]!.set;
    if (same !== (made % 2 === 0) || !differentPlaces(records, a, b)) continue;
    const level = among[random.integer(among.length)]!;
    const fixed = await loadPair(data, records[a]!);
    const moving = warpPair(await loadPair(data, records[b]!), level, seed + made);
    yield { ...moving, id: `${fixed.id} | ${moving.id}`, set: 'unrelated', reference: fixed.reference };
    made++;
  }
}
