import type { DType } from '../dtype.js';
import { argumentError, shapeError } from '../error.js';
import { broadcastShapes, resolveAxis, resolveAxes, sameShape } from '../shape.js';
import { type AnyTensor, type Shape, type Tensor, asTensor, int64Vector, node, sizeOf } from '../tensor.js';
import { add } from './arithmetic.js';
import { reduceSum, sumTo } from './reduction.js';

/** The axes in another order; reversed unless named. Axis `i` of the result is axis `order[i]` of `x`. */
export function transpose<D extends DType = 'float32'>(x: Tensor<D>, order?: readonly number[]): Tensor<D> {
  const axes = (order ?? x.shape.map((_, axis) => axis).toReversed()).map((a) => resolveAxis('transpose', a, x.shape));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw argumentError('transpose', `[${axes.join(', ')}] does not reorder [${x.shape.join(', ')}]`, order);
  }
  if (axes.every((axis, i) => axis === i)) return x;
  const shape = axes.map((axis) => x.shape[axis]!);
  return node(
    {
      operator: 'Transpose',
      inputs: [x as unknown as AnyTensor],
      attributes: { perm: axes },
      gradient: (g) => [
        transpose(
          g,
          axes.map((_, axis) => axes.indexOf(axis)),
        ),
      ],
    },
    x.dtype,
    shape,
  );
}

/** The same elements in another shape; one size may be −1 and is found from the others. */
export function reshape<D extends DType = 'float32'>(x: Tensor<D>, shape: Shape): Tensor<D> {
  const unknown = shape.indexOf(-1);
  const known = sizeOf(shape.filter((length) => length !== -1));
  const resolved = shape.map((length, axis) => (axis === unknown ? sizeOf(x.shape) / known : length));
  if (sizeOf(resolved) !== sizeOf(x.shape) || resolved.some((length) => !Number.isInteger(length) || length < 0)) {
    throw shapeError('reshape', [x.shape, shape], 'the sizes differ');
  }
  if (sameShape(resolved, x.shape)) return x;
  // Zero would mean "copy from the input" without allowzero.
  const attributes = resolved.includes(0) ? { allowzero: 1 } : {};
  return node(
    {
      operator: 'Reshape',
      inputs: [x as unknown as AnyTensor, int64Vector(resolved)],
      attributes,
      gradient: (g) => [reshape(g, x.shape)],
    },
    x.dtype,
    resolved,
  );
}

/** Axes of size 1 put in, so that they stand at these places of the result. */
export function expandDims<D extends DType = 'float32'>(x: Tensor<D>, axes: readonly number[]): Tensor<D> {
  const rank = x.shape.length + axes.length;
  const places = resolveAxes(
    'expandDims',
    axes,
    Array.from({ length: rank }, () => 1),
  );
  const rest = x.shape.values();
  return reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? 1 : rest.next().value!)),
  );
}

/** These axes, each of size 1, taken out. */
export function squeeze<D extends DType = 'float32'>(x: Tensor<D>, axes: readonly number[]): Tensor<D> {
  const places = resolveAxes('squeeze', axes, x.shape);
  if (places.some((axis) => x.shape[axis] !== 1)) throw shapeError('squeeze', [x.shape], `axes ${places} must be 1`);
  return reshape(
    x,
    x.shape.filter((_, axis) => !places.includes(axis)),
  );
}

/** Arrays laid end to end along an axis; all other sizes must agree. */
export function concat<D extends DType = 'float32'>(parts: readonly Tensor<D>[], axis: number): Tensor<D> {
  const first = parts[0];
  if (first === undefined) throw argumentError('concat', 'needs at least one array', parts);
  const along = resolveAxis('concat', axis, first.shape);
  for (const part of parts) {
    if (part.dtype !== first.dtype) throw argumentError('concat', 'types differ', [first.dtype, part.dtype]);
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((length, i) => i !== along && length !== first.shape[i])
    ) {
      throw shapeError(
        'concat',
        parts.map((p) => p.shape),
        `sizes differ outside axis ${along}`,
      );
    }
  }
  if (parts.length === 1) return first;
  const total = parts.reduce((sum, part) => sum + part.shape[along]!, 0);
  return node(
    {
      operator: 'Concat',
      inputs: parts as never,
      attributes: { axis: along },
      gradient: (g) => cutBack(g, parts, along),
    },
    first.dtype,
    first.shape.with(along, total),
  );
}

function cutBack(g: Tensor, parts: readonly { readonly shape: Shape }[], axis: number): Tensor[] {
  let start = 0;
  return parts.map((part) => {
    const end = start + part.shape[axis]!;
    const cut = slice(g, { starts: [start], ends: [end], axes: [axis] });
    start = end;
    return cut;
  });
}

/** Arrays of one shape stacked along a new axis. */
export function stack<D extends DType = 'float32'>(parts: readonly Tensor<D>[], axis: number): Tensor<D> {
  return concat(
    parts.map((part) => expandDims(part, [axis])),
    axis,
  );
}

/** What to cut: per named axis a start, an end (exclusive) and a step; negative ones count from the end. */
export interface SliceOptions {
  readonly starts: readonly number[];
  /** `Infinity` (and with negative steps `-Infinity`) is the end of the axis. */
  readonly ends: readonly number[];
  /** The first axes, in order, unless named. */
  readonly axes?: readonly number[] | undefined;
  readonly steps?: readonly number[] | undefined;
}

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly length: number;
}

function resolveCut(axis: number, size: number, start: number, end: number, step: number): Cut {
  const fromFront = (at: number): number => (at < 0 && Number.isFinite(at) ? at + size : at);
  const from =
    step > 0 ? Math.min(Math.max(fromFront(start), 0), size) : Math.min(Math.max(fromFront(start), 0), size - 1);
  const to = step > 0 ? Math.min(Math.max(fromFront(end), 0), size) : Math.min(Math.max(fromFront(end), -1), size - 1);
  return { axis, start: from, end: to, step, length: Math.max(0, Math.ceil((to - from) / step)) };
}

/** A box cut out of an array, NumPy's `x[start:end:step]`. */
export function slice<D extends DType = 'float32'>(x: Tensor<D>, options: SliceOptions): Tensor<D> {
  const { starts, ends } = options;
  const axes = (options.axes ?? starts.map((_, i) => i)).map((axis) => resolveAxis('slice', axis, x.shape));
  const steps = options.steps ?? starts.map(() => 1);
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
    throw argumentError('slice', 'starts, ends, axes and steps must be equally long', options);
  }
  if (steps.some((step) => !Number.isInteger(step) || step === 0)) {
    throw argumentError('slice', 'steps must be whole numbers other than 0', steps);
  }
  const cuts = axes.map((axis, i) => resolveCut(axis, x.shape[axis]!, starts[i]!, ends[i]!, steps[i]!));
  const kept = cuts.filter((cut) => cut.step !== 1 || cut.length !== x.shape[cut.axis]);
  if (kept.length === 0) return x;
  const shape = [...x.shape];
  for (const cut of kept) shape[cut.axis] = cut.length;
  // ONNX reads −1 as "the last", so "past the front" must be further out.
  const far = (end: number): number => (end < 0 ? -(2 ** 31) : end);
  return node(
    {
      operator: 'Slice',
      inputs: [
        x as unknown as AnyTensor,
        int64Vector(kept.map((cut) => cut.start)),
        int64Vector(kept.map((cut) => far(cut.end))),
        int64Vector(kept.map((cut) => cut.axis)),
        int64Vector(kept.map((cut) => cut.step)),
      ],
      gradient: (g) => [kept.reduce((sum, cut) => putBack(sum, cut, x.shape[cut.axis]!), g)],
    },
    x.dtype,
    shape,
  );
}

/** The gradient of a cut: zeros around, and between where it took steps. */
function putBack(g: Tensor, cut: Cut, size: number): Tensor {
  const { axis, start, step, length } = cut;
  const stride = Math.abs(step);
  let spread = step < 0 ? slice(g, { starts: [length - 1], ends: [-Infinity], axes: [axis], steps: [-1] }) : g;
  if (stride > 1) {
    const between = pad(expandDims(spread, [axis + 1]), alongAxis(g.shape.length + 1, axis + 1, 0, stride - 1));
    spread = reshape(between, g.shape.with(axis, length * stride));
  }
  const first = step < 0 ? start - (length - 1) * stride : start;
  return pad(spread, alongAxis(g.shape.length, axis, first, size - first - length * stride));
}

/** Padding along one axis only. */
function alongAxis(rank: number, axis: number, before: number, after: number): (readonly [number, number])[] {
  return Array.from({ length: rank }, (_, i) => (i === axis ? [before, after] : [0, 0]));
}

/** What stands outside the array: a value, the nearest element, or the mirror image (the edge element not repeated). */
export type PadMode = 'constant' | 'edge' | 'reflect';

/** How far to extend an array: `[before, after]` for each axis, counted from the last axis if fewer are given. */
export interface PadOptions {
  readonly mode?: PadMode | undefined;
  /** For mode `constant`; 0 unless named. */
  readonly value?: number | undefined;
}

/** An array with elements added (negative: taken away, mode `constant` only) before and after along each axis. */
export function pad(x: Tensor, pads: readonly (readonly [number, number])[], options: PadOptions = {}): Tensor {
  const rank = x.shape.length;
  if (pads.length > rank) throw shapeError('pad', [x.shape], `${pads.length} pairs for ${rank} axes`);
  const all = [...Array.from({ length: rank - pads.length }, () => [0, 0] as const), ...pads];
  const mode = options.mode ?? 'constant';
  const shape = x.shape.map((length, axis) => length + all[axis]![0] + all[axis]![1]);
  if (shape.some((length) => length < 0))
    throw shapeError('pad', [x.shape], `nothing is left after ${JSON.stringify(pads)}`);
  for (const [axis, [before, after]] of all.entries()) {
    const limit = mode === 'reflect' ? x.shape[axis]! - 1 : Infinity;
    if (before > limit || after > limit || (mode !== 'constant' && (before < 0 || after < 0))) {
      throw shapeError('pad', [x.shape], `mode ${mode} cannot pad axis ${axis} by ${before} and ${after}`);
    }
  }
  if (all.every(([before, after]) => before === 0 && after === 0)) return x;
  const flat = int64Vector([...all.map(([before]) => before), ...all.map(([, after]) => after)]);
  const value = mode === 'constant' ? asTensor(options.value ?? 0, 'float32') : undefined;
  return node(
    {
      operator: 'Pad',
      inputs: value ? [x, flat, value] : [x, flat],
      attributes: { mode },
      gradient: (g) => [all.reduce((sum, pads, axis) => unpad(sum, axis, pads, mode), g)],
    },
    'float32',
    shape,
  );
}

/** The gradient of padding along one axis: what was added is taken away, or folded back to where it was copied from. */
function unpad(g: Tensor, axis: number, [before, after]: readonly [number, number], mode: PadMode): Tensor {
  const rank = g.shape.length;
  const inner = pad(g, alongAxis(rank, axis, -before, -after));
  if (mode === 'constant') return inner;
  const size = inner.shape[axis]!;
  const folded = (start: number, length: number, reflectedTo: number, edge: number): Tensor => {
    const cut = slice(g, { starts: [start], ends: [start + length], axes: [axis] });
    if (mode === 'edge') {
      return pad(reduceSum(cut, { axes: [axis], keepDims: true }), alongAxis(rank, axis, edge, size - 1 - edge));
    }
    const flipped = slice(cut, { starts: [length - 1], ends: [-Infinity], axes: [axis], steps: [-1] });
    return pad(flipped, alongAxis(rank, axis, reflectedTo, size - reflectedTo - length));
  };
  let sum = inner;
  if (before > 0) sum = add(sum, folded(0, before, 1, 0));
  if (after > 0) sum = add(sum, folded(before + size, after, size - 1 - after, size - 1));
  return sum;
}

/** An array stretched to a shape by broadcasting. Arithmetic does this by itself, and faster. */
export function broadcastTo<D extends DType = 'float32'>(x: Tensor<D>, shape: Shape): Tensor<D> {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
    throw shapeError('broadcastTo', [x.shape, shape], 'the first does not stretch to the second');
  }
  return node(
    {
      operator: 'Expand',
      inputs: [x as unknown as AnyTensor, int64Vector(shape)],
      gradient: (g) => [sumTo(g, x.shape)],
    },
    x.dtype,
    shape,
  );
}
