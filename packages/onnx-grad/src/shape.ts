import { argumentError, shapeError } from './error.js';
import type { Shape } from './tensor.js';

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** The shape several arrays broadcast to by NumPy's rules (aligned at the last axis; 1 stretches). */
export function broadcastShapes(operation: string, ...shapes: readonly Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = Array.from({ length: rank }, () => 1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const axis = rank - shape.length + i;
      const length = shape[i]!;
      if (length === 1) continue;
      if (result[axis] !== 1 && result[axis] !== length) throw shapeError(operation, shapes, 'do not broadcast');
      result[axis] = length;
    }
  }
  return result;
}

/** An axis counted from the front; negative ones count from the back. */
export function resolveAxis(operation: string, axis: number, shape: Shape): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length) {
    throw argumentError(operation, `axis ${axis} does not exist in [${shape.join(', ')}]`, axis);
  }
  return resolved;
}

/** Several axes counted from the front, ascending, each once. */
export function resolveAxes(operation: string, axes: readonly number[], shape: Shape): number[] {
  const resolved = axes.map((axis) => resolveAxis(operation, axis, shape)).toSorted((a, b) => a - b);
  if (new Set(resolved).size !== resolved.length)
    throw argumentError(operation, `axes [${axes.join(', ')}] repeat`, axes);
  return resolved;
}

/** Throws unless a shape has the wanted number of axes. */
export function requireRank(operation: string, shape: Shape, rank: number, what: string): void {
  if (shape.length !== rank) throw shapeError(operation, [shape], `${what} needs ${rank} axes`);
}

/** One number for both directions, or `[along height, along width]`. */
export type Pair = number | readonly [number, number];

/** A {@link Pair} written out. */
export function pairOf(value: Pair): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
