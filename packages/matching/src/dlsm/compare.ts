import {
  type Model,
  type ParameterTree,
  type Tensor,
  buildModel,
  exp,
  inference,
  input,
  parameterConstants,
  tanh,
} from 'onnx-grad';
import type { Engine } from '../engine.js';
import type { PatchNetwork } from './networks.js';
import { dlsmPrediction } from './prediction.js';
import { patchSide } from './patch.js';

/** A trained network, ready to compare patches. */
export interface Dlsm {
  /** Of the network and its weights; different weights have different names. */
  readonly name: string;
  readonly network: PatchNetwork;
  readonly parameters: ParameterTree;
  /** Where the weights come from. */
  readonly provenance: string;
  /** The predicted covariance times this has the right size: fitted on places that took no part in training. */
  readonly temperature: number;
}

/** What DLSM says of pairs of patches, entry i of each array of pair i. */
export interface Comparisons {
  /** Where the first patch's centre lies in the second, px right of its centre. */
  readonly dx: Float32Array;
  /** The same, px down. */
  readonly dy: Float32Array;
  /** Standard deviations of their errors, px, and the errors' correlation; as the network says, without temperature. */
  readonly sigmaX: Float32Array;
  readonly sigmaY: Float32Array;
  readonly rho: Float32Array;
  /** Log of SM_det = σx σy √(1 − ρ²): small means similar. */
  readonly logArea: Float32Array;
}

type Outputs = Readonly<Record<keyof Comparisons, Tensor>>;

/** Pairs that go through the runtime together: more are no faster, and hold more memory. */
const batchSize = 64;
const pairShape = 2 * patchSide * patchSide;

function comparisonModel({ network, parameters }: Dlsm): Model<Outputs> {
  const pairs = input('pairs', [batchSize, 2, patchSide, patchSide]);
  const { dx, dy, logSigmaX, logSigmaY, z, logArea } = dlsmPrediction(
    network.build(parameterConstants(parameters), pairs, inference),
  );
  return buildModel({
    outputs: { dx, dy, sigmaX: exp(logSigmaX), sigmaY: exp(logSigmaY), rho: tanh(z), logArea },
  });
}

/** Room for the answers to `count` pairs. */
function allocateComparisons(count: number): Comparisons {
  const make = (): Float32Array => new Float32Array(count);
  return { dx: make(), dy: make(), sigmaX: make(), sigmaY: make(), rho: make(), logArea: make() };
}

/**
 * Compares pairs of patches, in batches.
 *
 * @param count - pairs
 * @param fill - writes pairs `from` to `to` (exclusive) into `[to − from, 2, 32, 32]`, each patch of zero mean and unit variance
 */
export async function comparePatches(
  engine: Engine,
  dlsm: Dlsm,
  count: number,
  fill: (from: number, to: number, out: Float32Array) => void,
): Promise<Comparisons> {
  const all = allocateComparisons(count);
  const pairs = new Float32Array(batchSize * pairShape);
  for (let from = 0; from < count; from += batchSize) {
    const to = Math.min(count, from + batchSize);
    fill(from, to, pairs);
    const found = await engine.run(`dlsm ${dlsm.name}`, () => comparisonModel(dlsm), { pairs });
    for (const name of Object.keys(all) as (keyof Comparisons)[])
      all[name].set(found[name].subarray(0, to - from), from);
  }
  return all;
}
