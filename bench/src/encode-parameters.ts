import { encodeSafetensors, namedParameters, type ParameterTree, type StoredTensor } from 'onnx-grad';

/** Parameters as a safetensors file of 32-bit numbers. */
export function encodeParameters(parameters: ParameterTree, metadata: Readonly<Record<string, string>>): Uint8Array {
  const tensors = [...namedParameters(parameters)].map(
    ([name, { shape, data }]) => [name, { dtype: 'float32', shape, data } satisfies StoredTensor] as const,
  );
  return encodeSafetensors({ tensors: new Map(tensors), metadata });
}
