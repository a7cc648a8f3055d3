import {
  decodeWeights,
  encodeWeights,
  fillParameters,
  weightsError,
  weightsName,
  zeros,
} from '../weights/stored-weights.js';
import { patchSides } from './encoder.js';
import type { Matcher } from './encode-keypoints.js';
import { crossFusionNetwork, type CrossFusionOptions, type CrossFusionParameters } from './networks.js';

const formatName = 'tiepoint matcher 1';

/** A matcher as a safetensors file with 16-bit numbers. */
export function encodeMatcher(
  parameters: CrossFusionParameters,
  network: CrossFusionOptions,
  provenance: string,
): Uint8Array {
  const { patch = 96, layers = 4, exchange = true } = network;
  const described = { patch: String(patch), layers: String(layers), exchange: String(exchange) };
  return encodeWeights(formatName, parameters, { ...described, provenance });
}

/** Reads a matcher. @throws TiepointError `weights-invalid` where the file holds none */
export function decodeMatcher(file: Uint8Array): Matcher {
  const stored = decodeWeights(formatName, file);
  const { patch, layers, exchange, provenance = '' } = stored.metadata;
  const side = patchSides.find((s) => String(s) === patch);
  if (side === undefined) throw weightsError(`the side of their patches is ${String(patch)}`);
  const count = Number(layers);
  if (!Number.isInteger(count) || count < 0 || count > 64) throw weightsError(`they have ${String(layers)} layers`);
  const network = crossFusionNetwork({ patch: side, layers: count, exchange: exchange !== 'false' });
  return { name: weightsName(provenance, stored), network, parameters: fillParameters(network.create(zeros), stored) };
}
