import { overlapShare } from './overlap.js';
import type { ReadItem } from './stac.js';

/** An item, and the one it is to be laid on. */
export interface ItemPair {
  readonly sensed: ReadItem;
  /** Null where none overlaps. */
  readonly reference: ReadItem | null;
}

/** Overlaps this near the best one count as equal: then time decides. */
const alike = 0.05;

/** When an item was taken, ms; the middle of its interval where it has one; null where it does not say. */
export function timeOf({ item }: ReadItem): number | null {
  const { datetime, start_datetime: start, end_datetime: end } = item.properties;
  const times = (datetime === null ? [start, end] : [datetime]).map((text) => Date.parse(text ?? ''));
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return Number.isFinite(mean) ? mean : null;
}

/** Finds for each item the reference that overlaps most and, among those that do so alike, lies nearest in time. */
export function pairItems(sensed: readonly ReadItem[], references: readonly ReadItem[]): readonly ItemPair[] {
  return sensed.map((item) => {
    const found = references
      .filter((reference) => reference.item.id !== item.item.id || reference.item.collection !== item.item.collection)
      .map((reference) => ({ reference, overlap: overlapShare(item, reference) }))
      .filter(({ overlap }) => overlap > 0);
    const best = Math.max(0, ...found.map(({ overlap }) => overlap));
    const time = timeOf(item);
    const apart = (reference: ReadItem): number => {
      const other = timeOf(reference);
      return time === null || other === null ? Number.POSITIVE_INFINITY : Math.abs(other - time);
    };
    const nearest = found
      .filter(({ overlap }) => overlap >= best - alike)
      .toSorted((a, b) => apart(a.reference) - apart(b.reference) || b.overlap - a.overlap)[0];
    return { sensed: item, reference: nearest?.reference ?? null };
  });
}
