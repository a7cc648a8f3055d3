import { add, div, mul, pow, sub } from './operations/arithmetic.js';
import { sqrt } from './operations/elementwise.js';
import { type Tensor, constant } from './tensor.js';

/** What an update of one parameter is made from; all are tensors of the training graph. */
export interface UpdateInputs {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** What the optimiser remembers of this parameter, shaped like it, by slot; zeros at first. */
  readonly slots: Readonly<Record<string, Tensor>>;
  /** A scalar. */
  readonly learningRate: Tensor;
  /** A scalar: 1 in the first step. */
  readonly step: Tensor;
}

/** A rule of descent, as a piece of graph. */
export interface Optimizer {
  readonly name: string;
  /** Names of what it remembers of each parameter. */
  readonly slots: readonly string[];
  update(inputs: UpdateInputs): { readonly parameter: Tensor; readonly slots: Readonly<Record<string, Tensor>> };
}

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Share of the last step that is taken again; none unless named. */
  readonly momentum?: number | undefined;
  /** Look ahead along the momentum (Sutskever 2013). */
  readonly nesterov?: boolean | undefined;
  /** Added to the gradient times the parameter. */
  readonly weightDecay?: number | undefined;
}

/** Stochastic gradient descent, the same numbers as PyTorch's `SGD`. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return {
    name: 'sgd',
    slots: momentum > 0 ? ['momentum'] : [],
    update({ parameter, gradient, slots, learningRate }) {
      const decayed = weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
      const last = slots['momentum'];
      if (last === undefined) return { parameter: sub(parameter, mul(decayed, learningRate)), slots: {} };
      const velocity = add(mul(last, momentum), decayed);
      const direction = nesterov ? add(decayed, mul(velocity, momentum)) : velocity;
      return { parameter: sub(parameter, mul(direction, learningRate)), slots: { momentum: velocity } };
    },
  };
}

/** Options of {@link adam} and {@link adamW}. */
export interface AdamOptions {
  /** Memory of the mean; 0.9 unless named. */
  readonly beta1?: number | undefined;
  /** Memory of the square; 0.999 unless named. */
  readonly beta2?: number | undefined;
  /** 1e-8 unless named. */
  readonly epsilon?: number | undefined;
  /** Adam: added to the gradient times the parameter (0 unless named). AdamW: how much the parameter shrinks, times the learning rate (0.01 unless named). */
  readonly weightDecay?: number | undefined;
}

function adaptive(name: string, options: AdamOptions, weightDecay: number, decoupled: boolean): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    name,
    slots: ['mean', 'square'],
    update({ parameter, gradient, slots, learningRate, step }) {
      const g = decoupled || weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
      const mean = add(mul(slots['mean']!, beta1), mul(g, 1 - beta1));
      const square = add(mul(slots['square']!, beta2), mul(mul(g, g), 1 - beta2));
      // The corrections for starting at zero are scalars, so they are taken out of the passes over the arrays.
      const meanCorrection = sub(1, pow(constant(beta1), step));
      const squareCorrection = sqrt(sub(1, pow(constant(beta2), step)));
      const rate = mul(learningRate, div(squareCorrection, meanCorrection));
      const scaled = div(mul(mean, rate), add(sqrt(square), mul(squareCorrection, epsilon)));
      const kept = decoupled ? mul(parameter, sub(1, mul(learningRate, weightDecay))) : parameter;
      return { parameter: sub(kept, scaled), slots: { mean, square } };
    },
  };
}

/** Adam (Kingma 2015), the same numbers as PyTorch's. */
export function adam(options: AdamOptions = {}): Optimizer {
  return adaptive('adam', options, options.weightDecay ?? 0, false);
}

/** Adam with decoupled weight decay (Loshchilov 2019), the same numbers as PyTorch's. */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adaptive('adamW', options, options.weightDecay ?? 0.01, true);
}
