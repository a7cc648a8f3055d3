import { argumentError, shapeError } from '../error.js';
import { broadcastShapes } from '../shape.js';
import { type Tensor, node, sizeOf } from '../tensor.js';
import { broadcastTo, expandDims, reshape, transpose } from './movement.js';
import { sumTo } from './reduction.js';

function swapLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
}

/** All axes before the last as one. */
function asRows(x: Tensor): Tensor {
  return reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!]);
}

/**
 * The matrix product over the last two axes, the axes before them broadcasting.
 *
 * @param a - `[…, rows, inner]`
 * @param b - `[…, inner, columns]`
 * @returns `[…, rows, columns]`
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [rows, inner] = a.shape.slice(-2);
  const [innerB, columns] = b.shape.slice(-2);
  if (rows === undefined || inner === undefined || columns === undefined) {
    throw shapeError('matmul', [a.shape, b.shape], 'both need at least two axes');
  }
  if (inner !== innerB) throw shapeError('matmul', [a.shape, b.shape], 'inner sizes differ');
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return node(
    {
      operator: 'MatMul',
      inputs: [a, b],
      gradient: (g) => [
        sumTo(matmul(g, swapLast(b)), a.shape),
        // One product over all rows at once, instead of many small ones and a sum.
        b.shape.length === 2 ? matmul(transpose(asRows(a)), asRows(g)) : sumTo(matmul(swapLast(a), g), b.shape),
      ],
    },
    'float32',
    [...batch, rows, columns],
  );
}

/**
 * Sums of products by Einstein's notation, for example `bhqd,bhkd->bhqk`; letters missing behind the arrow are summed over.
 *
 * Each letter may stand once in each operand.
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const [left, result] = equation.replaceAll(' ', '').split('->');
  const terms = left!.split(',');
  if (result === undefined || terms.length !== operands.length) {
    throw argumentError('einsum', `${equation} does not fit ${operands.length} operands`, equation);
  }
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    const { shape } = operands[i]!;
    if (term.length !== shape.length || new Set(term).size !== term.length) {
      throw shapeError('einsum', [shape], `${term} needs ${term.length} axes, each letter once`);
    }
    for (const [axis, letter] of [...term].entries()) {
      if ((sizes.get(letter) ?? shape[axis]) !== shape[axis]) {
        const shapes = operands.map((operand) => operand.shape);
        throw shapeError('einsum', shapes, `${letter} of ${equation} has two sizes`);
      }
      sizes.set(letter, shape[axis]!);
    }
  }
  if ([...result].some((letter) => !sizes.has(letter)) || new Set(result).size !== result.length) {
    throw argumentError('einsum', `${equation} names letters behind the arrow that no operand has`, equation);
  }
  const gradientOf = (g: Tensor, index: number): Tensor => {
    const others = terms.flatMap((term, i) => (i === index ? [] : [term]));
    const term = terms[index]!;
    const known = [...term].filter(
      (letter) => result.includes(letter) || others.some((other) => other.includes(letter)),
    );
    const rest = operands.filter((_, i) => i !== index);
    const partial = einsum(`${[result, ...others].join(',')}->${known.join('')}`, g, ...rest);
    // Letters that only this operand has were summed over: every element gets the same.
    const missing = [...term].flatMap((letter, axis) => (known.includes(letter) ? [] : [axis]));
    return broadcastTo(expandDims(partial, missing), operands[index]!.shape);
  };
  return node(
    {
      operator: 'Einsum',
      inputs: operands,
      attributes: { equation: `${terms.join(',')}->${result}` },
      gradient: (g) => operands.map((_, i) => gradientOf(g, i)),
    },
    'float32',
    [...result].map((letter) => sizes.get(letter)!),
  );
}
