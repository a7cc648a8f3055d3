import { TiepointError } from '@tiepoint/geometry';
import {
  type ParameterTree,
  decodeSafetensors,
  encodeSafetensors,
  floatTensors,
  namedParameters,
  replaceParameters,
  type StoredTensor,
  toHalf,
} from 'onnx-grad';
import { zeros } from '../weights/stored-weights.js';
import type { Dlsm } from './compare.js';
import { correlationNetwork, paperNetwork } from './networks.js';

const FORMAT = 'tiepoint dlsm 1';
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
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of namedParameters(parameters)) {
    tensors.set(name, { dtype: 'float16', shape, data: Uint16Array.from(data, toHalf) });
  }
  return encodeSafetensors({
    tensors,
    metadata: {
      format: FORMAT,
      network: description.network,
      temperature: String(description.temperature),
      provenance: description.provenance,
    },
  });
}

/**
 * Reads weights.
 *
 * @throws TiepointError `weights-invalid` where the file holds no weights of a network known here
 */
export function decodeDlsm(file: Uint8Array): Dlsm {
  const invalid = (why: string, cause?: unknown): TiepointError =>
    new TiepointError('weights-invalid', `the weights cannot be used: ${why}`, {
      hint: 'weights are safetensors files made by `tiepoint train dlsm`',
      cause,
    });
  let stored: ReturnType<typeof decodeSafetensors>;
  try {
    stored = decodeSafetensors(file);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { format, network: name, temperature, provenance = '' } = stored.metadata;
  if (format !== FORMAT) throw invalid(`their format is ${String(format)}`);
  const network = networks.find((n) => n.name === name);
  if (!network) throw invalid(`there is no network called ${String(name)}`);
  const scale = Number(temperature);
  if (!(scale > 0)) throw invalid(`the temperature is ${String(temperature)}`);
  try {
    const parameters = replaceParameters(network.create(zeros, 5), floatTensors(stored));
    return { name: `${network.name} ${provenance}`, network, parameters, temperature: scale, provenance };
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
