import {
  composeTransforms,
  identity,
  inverseTransformPoint,
  invertTransform,
  isMatrixTransform,
  splineThrough,
  type Transform,
  transformPoint,
} from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import type { UsablePair } from './usable-pair.js';

/** Where an image lies by a chain of pairs, and by which. */
export interface Placement {
  /** Image px → px of the series' reference. */
  readonly transform: Transform;
  /** The pairs on the way to the reference, the image's own first. */
  readonly path: readonly UsablePair[];
}

/** Points a side of the lattice that carries a chain of maps that no matrix holds. */
const side = 12;

/** A map as a transform over an image of that size; null where it maps too little of it. */
function throughLattice(
  { width, height }: ImageSize,
  map: (x: number, y: number) => readonly [number, number] | null,
): Transform | null {
  const [source, target]: [number[], number[]] = [[], []];
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(width * (i % side)) / (side - 1), (height * Math.floor(i / side)) / (side - 1)];
    const place = map(x, y);
    if (place === null || !place.every(Number.isFinite)) continue;
    source.push(x, y);
    target.push(...place);
  }
  return splineThrough(Float64Array.from(source), Float64Array.from(target));
}

/** `outer` after `inner`, over an image. */
export function after(outer: Transform, inner: Transform, size: ImageSize): Transform | null {
  if (isMatrixTransform(outer) && isMatrixTransform(inner)) return composeTransforms(outer, inner);
  return throughLattice(size, (x, y) => transformPoint(outer, ...transformPoint(inner, x, y)));
}

/** The way back of a pair, over its reference image. */
function inverseOf(transform: Transform, size: ImageSize): Transform | null {
  if (isMatrixTransform(transform)) return invertTransform(transform);
  return throughLattice(size, (x, y) => inverseTransformPoint(transform, x, y));
}

/** What a pair costs on the way: its predicted variance, and something for being one more. */
function costOf({ jointError: { covariance, sensed } }: UsablePair): number {
  const rows = sensed.length;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += covariance[i * rows + i]!;
  return sum / rows + 0.05;
}

/** The placement of the image on the other side of a pair. */
function onward(pair: UsablePair, from: number, known: Placement, sizes: readonly ImageSize[]): Placement | null {
  const next = from === pair.reference ? pair.sensed : pair.reference;
  const size = sizes[next]!;
  const step = next === pair.sensed ? pair.transform : inverseOf(pair.transform, size);
  const transform = step && after(known.transform, step, size);
  return transform && { transform, path: [pair, ...known.path] };
}

/**
 * Places images by the chains of pairs that are known best (Dijkstra); those that no pair reaches are absent.
 *
 * @param sizes - of all images, the reference first
 */
export function placeImages(sizes: readonly ImageSize[], pairs: readonly UsablePair[]): ReadonlyMap<number, Placement> {
  const placed = new Map<number, Placement>();
  const open = new Map<number, { readonly placement: Placement; readonly cost: number }>();
  open.set(0, { placement: { transform: identity, path: [] }, cost: 0 });
  for (;;) {
    const [nearest] = [...open.entries()].toSorted(([, a], [, b]) => a.cost - b.cost);
    if (nearest === undefined) return placed;
    const [image, { placement, cost }] = nearest;
    open.delete(image);
    placed.set(image, placement);
    for (const pair of pairs) {
      if (pair.reference !== image && pair.sensed !== image) continue;
      const next = pair.reference === image ? pair.sensed : pair.reference;
      const there = cost + costOf(pair);
      if (placed.has(next) || (open.get(next)?.cost ?? Infinity) <= there) continue;
      const found = onward(pair, image, placement, sizes);
      if (found !== null) open.set(next, { placement: found, cost: there });
    }
  }
}
