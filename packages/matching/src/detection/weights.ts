import {
  decodeWeights,
  encodeWeights,
  fillParameters,
  weightsError,
  weightsName,
  zeros,
} from '../weights/stored-weights.js';
import type { Detector } from './detect.js';
import { detectionNetwork, type DetectionNetworkOptions } from './networks.js';
import { paperScaleWeights, type Upsampling } from './peakiness.js';

const formatName = 'tiepoint detector 1';
const upsamplings: readonly Upsampling[] = ['score', 'features', 'learned', 'direct'];

/** A detector as a safetensors file with 16-bit numbers. */
export function encodeDetector(
  detector: Pick<Detector, 'parameters' | 'upsampling' | 'scaleWeights'>,
  network: DetectionNetworkOptions,
  provenance: string,
): Uint8Array {
  return encodeWeights(formatName, detector.parameters, {
    network: JSON.stringify(network),
    upsampling: detector.upsampling ?? 'score',
    scaleWeights: JSON.stringify(detector.scaleWeights ?? paperScaleWeights),
    provenance,
  });
}

/** Reads a detector. @throws TiepointError `weights-invalid` where the file holds none */
export function decodeDetector(file: Uint8Array): Detector {
  const stored = decodeWeights(formatName, file);
  const { network: described = '', upsampling = '', scaleWeights = '', provenance = '' } = stored.metadata;
  const chosen = upsamplings.find((u) => u === upsampling);
  if (chosen === undefined) throw weightsError(`there is no upsampling ${upsampling}`);
  const network = detectionNetwork(networkOptions(parse(described)));
  const weights = parse(scaleWeights);
  if (!Array.isArray(weights) || weights.length !== 3 || !weights.every((w) => typeof w === 'number')) {
    throw weightsError(`the weights of the scales are ${scaleWeights}`);
  }
  const parameters = fillParameters(network.create(zeros), stored);
  const [first, second, third] = weights as [number, number, number];
  return {
    name: weightsName(provenance, stored),
    network,
    parameters,
    upsampling: chosen,
    scaleWeights: [first, second, third],
  };
}

function networkOptions(described: object): DetectionNetworkOptions {
  const { kind, width = 1, separable, deformable } = described as Record<string, unknown>;
  if (kind === 'light') return { kind };
  if (kind !== 'table1') throw weightsError(`there is no detection network ${String(kind)}`);
  if (typeof width !== 'number' || !(width > 0 && width <= 4)) throw weightsError(`the width is ${String(width)}`);
  return { kind, width, separable: separable !== false, deformable: deformable !== false };
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw weightsError(`their description is ${text}`);
}
