import {
  adjustNetwork,
  chiSquareLimit,
  connectedNodes,
  type Covariance2,
  type EdgeCheck,
  isBridge,
  type Transform,
} from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import {
  correctionCovariance,
  type CorrectionModel,
  correctionRows,
  correctionSize,
  correctionTransform,
  type Frame,
  frameOf,
} from './correction.js';
import type { MeasuredPair } from './measured-pair.js';
import { observePair, type PairObservation } from './observe-pair.js';
import { after, placeImages } from './place-images.js';
import { type UsablePair, usablePairs } from './usable-pair.js';

/** How a pair agrees with the rest of the network. */
export interface PairCheck {
  /** Root mean square distance between what the pair says and what all others say, px of the reference. */
  readonly misclosure: number;
  /** What their predicted errors let expect of it, px. */
  readonly expected: number;
  /** The squared distance in standard deviations, all parameters together (Baarda's w-test): χ² if nothing is wrong. */
  readonly statistic: number;
  /** What the statistic exceeds once in a thousand if nothing is wrong. */
  readonly limit: number;
}

/** `left-out`: the rest of the network contradicts it. `in-doubt`: it is one of several of which one must be wrong. */
export type PairState = 'used' | 'left-out' | 'in-doubt' | 'refused';

/** A pair and what the network makes of it. */
export interface PairOutcome {
  readonly pair: MeasuredPair;
  readonly state: PairState;
  /** Null where no loop passes through the pair. */
  readonly check: PairCheck | null;
}

/** Where the network places an image. */
export interface ImagePlace {
  /** Image px → px of the series' reference. */
  readonly transform: Transform;
  /** The pairs its first placement came by, its own first. */
  readonly path: readonly MeasuredPair[];
  /** Whether every way to the reference that it rests on is checked by a loop. */
  readonly isChecked: boolean;
  /** The covariance of its place at a point of the reference, px². */
  readonly covarianceAt: (x: number, y: number) => Covariance2;
}

/** A series solved as one network. */
export interface SeriesNetwork {
  readonly pairs: readonly PairOutcome[];
  /** Of each image by its number; absent where nothing connects it to the reference. */
  readonly places: ReadonlyMap<number, ImagePlace>;
  readonly degreesOfFreedom: number;
  /** 1 where the pairs err as they predict; NaN without a loop. Covariances are multiplied by it where it is more. */
  readonly varianceFactor: number;
}

/** Misclosure that is never held against a pair, px of the reference: relief and change make as much. */
const tolerated = 1;
/** Share of right pairs that are suspected by chance. */
const falseAlarms = 0.001;
/** Pairs whose statistics are so alike cannot be told from each other: one loop passes through all of them. */
const alike = 0.98;
/** Rounds of linearising at most, and the move of a place in px below which it is enough. */
const rounds = { most: 6, enough: 1e-4 };

/** One solution of pairs that are all used. */
interface Adjusted {
  readonly pairs: readonly UsablePair[];
  readonly checks: readonly (PairCheck | null)[];
  readonly places: ReadonlyMap<number, ImagePlace>;
  readonly degreesOfFreedom: number;
  readonly varianceFactor: number;
}

function pairCheck(
  check: EdgeCheck | null,
  { places }: PairObservation,
  model: CorrectionModel,
  frame: Frame,
): PairCheck | null {
  if (check === null) return null;
  let [squares, expected] = [0, 0];
  for (let k = 0; k < places.length; k += 2) {
    const rows = correctionRows(model, frame, places[k]!, places[k + 1]!);
    for (const row of rows) squares += row.reduce((sum, v, i) => sum + v * check.discrepancy[i]!, 0) ** 2;
    const [xx, , yy] = correctionCovariance(rows, check.covariance);
    expected += xx + yy;
  }
  const count = places.length / 2;
  return {
    misclosure: Math.sqrt(squares / count),
    expected: Math.sqrt(expected / count),
    statistic: check.statistic,
    limit: chiSquareLimit(correctionSize(model), falseAlarms),
  };
}

/** Least squares of all pairs together, linearised anew until places stand still. */
function adjust(sizes: readonly ImageSize[], given: readonly UsablePair[], model: CorrectionModel): Adjusted {
  const frame = frameOf(sizes[0]!);
  const start = placeImages(sizes, given);
  const nodes = [...start.keys()];
  const nodeOf = new Map(nodes.map((image, node) => [image, node]));
  const pairs = given.filter(({ reference, sensed }) => nodeOf.has(reference) && nodeOf.has(sensed));
  const links = pairs.map(({ reference, sensed }) => ({ from: nodeOf.get(sensed)!, to: nodeOf.get(reference)! }));
  const transforms = nodes.map((image) => start.get(image)!.transform);
  for (let round = 1; ; round++) {
    const observations = pairs.map((pair, k) =>
      observePair(pair, transforms[links[k]!.from]!, transforms[links[k]!.to]!, model, frame),
    );
    const edges = observations.map((observation, k) => ({ ...observation, ...links[k]! }));
    const solution = adjustNetwork(nodes.length, correctionSize(model), edges);
    for (const [node, image] of nodes.entries()) {
      if (node === 0) continue;
      const correction = correctionTransform(model, frame, solution.values[node]!);
      transforms[node] = after(correction, transforms[node]!, sizes[image]!) ?? transforms[node]!;
    }
    const moved = Math.max(0, ...solution.values.flatMap((value) => Array.from(value, Math.abs)));
    if (moved > rounds.enough && round < rounds.most) continue;
    const { degreesOfFreedom, varianceFactor } = solution;
    const factor = varianceFactor > 1 ? varianceFactor : 1;
    const sure = connectedNodes(
      nodes.length,
      links.filter((_, k) => !isBridge(nodes.length, links, k)),
    );
    const placeOf = (node: number): ImagePlace => {
      const covariance = solution.covariance(node).map((v) => v * factor);
      return {
        transform: transforms[node]!,
        path: start.get(nodes[node]!)!.path,
        isChecked: sure[node]!,
        covarianceAt: (x, y) => correctionCovariance(correctionRows(model, frame, x, y), covariance),
      };
    };
    return {
      pairs,
      checks: solution.checks.map((check, k) => pairCheck(check, observations[k]!, model, frame)),
      places: new Map(nodes.flatMap((image, node) => (image === 0 ? [] : [[image, placeOf(node)] as const]))),
      degreesOfFreedom,
      varianceFactor,
    };
  }
}

function isContradicted({ statistic, limit, misclosure }: PairCheck): boolean {
  return statistic > limit && misclosure > tolerated;
}

/** The pairs that the network contradicts most: one, or several that nothing tells apart. None where it contradicts none. */
function mostContradicted(
  { pairs, checks }: Adjusted,
  excused: ReadonlySet<UsablePair>,
): readonly { readonly pair: UsablePair; readonly check: PairCheck }[] {
  const suspects = pairs.flatMap((pair, k) => {
    const check = checks[k]!;
    return check === null || excused.has(pair) || !isContradicted(check) ? [] : [{ pair, check }];
  });
  const worst = Math.max(...suspects.map(({ check }) => check.statistic));
  return suspects.filter(({ check }) => check.statistic >= alike * worst);
}

/**
 * Solves a series as one network by least squares, each pair weighed by its predicted covariance, so that loops close. Pairs that
 * the rest contradicts are left out one by one, the worst first (data snooping); one that was left out because of another comes
 * back. Where only one loop speaks, none of its pairs can be told from the others: all are in doubt, and stay.
 *
 * @param sizes - of all images, the reference first
 * @param model - how far places may be corrected: `affine` unless registrations are bound to less
 */
export function solveNetwork(
  sizes: readonly ImageSize[],
  pairs: readonly MeasuredPair[],
  model: CorrectionModel = 'affine',
): SeriesNetwork {
  let used = usablePairs(pairs);
  const leftOut = new Map<UsablePair, PairCheck>();
  const inDoubt = new Map<UsablePair, PairCheck>();
  let adjusted = adjust(sizes, used, model);
  const useOnly = (next: readonly UsablePair[]): void => {
    used = next;
    adjusted = adjust(sizes, used, model);
  };
  for (;;) {
    const worst = mostContradicted(adjusted, new Set(inDoubt.keys()));
    if (worst.length === 0) break;
    const [{ pair, check }] = worst as readonly [(typeof worst)[number]];
    if (worst.length > 1) {
      for (const one of worst) inDoubt.set(one.pair, one.check);
    } else {
      leftOut.set(pair, check);
      useOnly(used.filter((other) => other !== pair));
    }
  }
  for (const pair of leftOut.keys()) {
    const before = used;
    useOnly([...used, pair]);
    const check = adjusted.checks[adjusted.pairs.indexOf(pair)];
    if (check && !isContradicted(check)) leftOut.delete(pair);
    else useOnly(before);
  }
  const checked = new Map(adjusted.pairs.map((pair, k) => [pairKey(pair), adjusted.checks[k]!]));
  const find = (found: ReadonlyMap<UsablePair, PairCheck>, pair: MeasuredPair): PairCheck | undefined =>
    [...found].find(([other]) => pairKey(other) === pairKey(pair))?.[1];
  return {
    pairs: pairs.map((pair): PairOutcome => {
      const [out, doubt] = [find(leftOut, pair), find(inDoubt, pair)];
      if (out !== undefined) return { pair, state: 'left-out', check: out };
      if (doubt !== undefined) return { pair, state: 'in-doubt', check: doubt };
      const state = pair.jointError === null ? 'refused' : 'used';
      return { pair, state, check: checked.get(pairKey(pair)) ?? null };
    }),
    places: adjusted.places,
    degreesOfFreedom: adjusted.degreesOfFreedom,
    varianceFactor: adjusted.varianceFactor,
  };
}

function pairKey({ reference, sensed }: MeasuredPair): string {
  return `${reference} ${sensed}`;
}
