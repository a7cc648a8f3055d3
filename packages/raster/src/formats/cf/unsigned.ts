import type { DataType, SampleArray } from '../data-type.js';
import { type CfVariable, numberOf, textOf } from './cf-dataset.js';

const unsigned = {
  int8: ['uint8', Uint8Array],
  int16: ['uint16', Uint16Array],
  int32: ['uint32', Uint32Array],
} as const satisfies Partial<Record<DataType, readonly [DataType, unknown]>>;

/** A variable as its attribute `_Unsigned` means it: classic NetCDF has no unsigned types. */
export function asUnsigned(variable: CfVariable): CfVariable {
  const { dataType, attributes } = variable;
  const isMeant = /^true$/i.test(textOf(attributes, '_Unsigned') ?? '');
  const found =
    isMeant && dataType !== null && dataType in unsigned ? unsigned[dataType as keyof typeof unsigned] : null;
  if (found === null) return variable;
  const [type, view] = found;
  const meant = new Map(attributes);
  for (const name of ['_FillValue', 'missing_value']) {
    const value = numberOf(attributes, name);
    if (value !== null && value < 0) meant.set(name, value + 2 ** (8 * view.BYTES_PER_ELEMENT));
  }
  const read: CfVariable['read'] = async (start, count, signal): Promise<SampleArray> => {
    const samples = await variable.read(start, count, signal);
    return new view(samples.buffer as ArrayBuffer, samples.byteOffset, samples.length);
  };
  return { ...variable, dataType: type, attributes: meant, read };
}
