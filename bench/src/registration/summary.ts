import { median } from '@tiepoint/geometry';
import { type Level, levels } from './known-warp.js';

/** What one method did with one pair. */
export interface PairResult {
  readonly method: string;
  readonly set: string;
  readonly level: Level | 'unrelated';
  readonly id: string;
  /** Median check-point error, px of the reference, whatever the method's own verdict; null where it found no transform. */
  readonly errorPx: number | null;
  readonly accepted: boolean;
  readonly seconds: number;
  readonly detail?: unknown;
}

/** A line of the bench's table. */
export type RegistrationRow =
  | {
      readonly method: string;
      readonly set: string;
      readonly level: Level;
      readonly n: number;
      /** Share of pairs right to 1, 3 and 5 px and not refused: what a user gets. */
      readonly sr1: number;
      readonly sr3: number;
      readonly sr5: number;
      /** The same, refused or not: what a method without a verdict would have. */
      readonly found1: number;
      readonly found3: number;
      readonly found5: number;
      /** Of all pairs, Infinity (null in JSON) for those without a transform. */
      readonly medianErrorPx: number;
      readonly medianSeconds: number;
      /** Share of the transforms right to 3 px that the method did not refuse. */
      readonly acceptedOfRight: number;
    }
  | { readonly method: string; readonly set: 'unrelated'; readonly n: number; readonly falseAccept: number };

/** Success rates by method, set and level, and false accepts. */
export function summarise(results: readonly PairResult[], methods: readonly string[]): RegistrationRow[] {
  const rows: RegistrationRow[] = [];
  for (const method of methods) {
    const own = results.filter((r) => r.method === method);
    for (const set of new Set(own.map((r) => r.set))) {
      for (const level of levels) {
        const cell = own.filter((r) => r.set === set && r.level === level);
        if (cell.length === 0) continue;
        const error = (r: PairResult): number => r.errorPx ?? Infinity;
        const rate = (limit: number): number =>
          cell.filter((r) => r.accepted && error(r) <= limit).length / cell.length;
        const found = (limit: number): number => cell.filter((r) => error(r) <= limit).length / cell.length;
        const right = cell.filter((r) => error(r) <= 3);
        rows.push({
          method,
          set,
          level,
          n: cell.length,
          sr1: rate(1),
          sr3: rate(3),
          sr5: rate(5),
          found1: found(1),
          found3: found(3),
          found5: found(5),
          medianErrorPx: median(cell.map(error)),
          medianSeconds: median(cell.map((r) => r.seconds)),
          acceptedOfRight: right.length === 0 ? 1 : right.filter((r) => r.accepted).length / right.length,
        });
      }
    }
    const unrelated = own.filter((r) => r.level === 'unrelated');
    if (unrelated.length > 0) {
      const accepted = unrelated.filter((r) => r.accepted).length;
      rows.push({ method, set: 'unrelated', n: unrelated.length, falseAccept: accepted / unrelated.length });
    }
  }
  return rows;
}
