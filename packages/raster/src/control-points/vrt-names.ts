import type { DataType } from '../formats/data-type.js';

const setNames: Readonly<Record<DataType, string>> = {
  uint8: 'Byte',
  int8: 'Int8',
  uint16: 'UInt16',
  int16: 'Int16',
  uint32: 'UInt32',
  int32: 'Int32',
  uint64: 'UInt64',
  int64: 'Int64',
  float16: 'Float32',
  float32: 'Float32',
  float64: 'Float64',
  cint16: 'CInt16',
  cint32: 'CInt32',
  cfloat32: 'CFloat32',
  cfloat64: 'CFloat64',
};

/** GDAL's name of a data type. */
export function gdalTypeName(type: DataType): string {
  return setNames[type];
}

/** The data type of GDAL's name; null of what is none. */
export function gdalTypeOf(name: string): DataType | null {
  if (name === 'Float32') return 'float32';
  const found = Object.entries(setNames).find(([, gdal]) => gdal === name);
  return found ? (found[0] as DataType) : null;
}
