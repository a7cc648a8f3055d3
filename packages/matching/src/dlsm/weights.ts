import type { ParameterTree } from 'onnx-grad';
import {
  decodeWeights,
  encodeWeights,
  fillParameters,
  weightsError,
  weightsName,
  zeros,
} from '../weights/stored-weights.js';
import type { Dlsm } from './compare.js';
import { correlationNetwork, paperNetwork } from './networks.js';

const formatName = 'tiepoint dlsm 1';
const networks = [paperNetwork, correlationNetwork];

/** What is said of weights in their file, besides the numbers. */
export interface DlsmDescription {
  readonly network: string;
  readonly temperature: number;
  /** Where they come from: free text, for example commit, seed and steps. */
  readonly provenance: string;
}

/** Weights as a safetensors file with 16-bit numbers. */
export function encodeDlsm(parameters: ParameterTree, description: DlsmDescription): Uint8Array {
  const { network, temperature, provenance } = description;
  return encodeWeights(formatName, parameters, { network, temperature: String(temperature), provenance });
}

/**
 * Reads weights.
 *
 * @throws TiepointError `weights-invalid` where the file holds no weights of a network known here
 */
export function decodeDlsm(file: Uint8Array): Dlsm {
  const stored = decodeWeights(formatName, file);
  const { network: called, temperature, provenance = '' } = stored.metadata;
  const network = networks.find((n) => n.name === called);
  if (!network) throw weightsError(`there is no network called ${String(called)}`);
  const scale = Number(temperature);
  if (!(scale > 0)) throw weightsError(`the temperature is ${String(temperature)}`);
  const parameters = fillParameters(network.create(zeros, 5), stored);
  const name = weightsName(`${network.name} ${provenance}`, stored);
  return { name, network, parameters, temperature: scale, provenance };
}
