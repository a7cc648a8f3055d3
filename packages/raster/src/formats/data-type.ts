/** Sample types; complex ones (`c…`) are pairs and are read as their magnitude. */
export type DataType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'cint16'
  | 'cint32'
  | 'cfloat32'
  | 'cfloat64';

/** Samples in memory. 64-bit integers and `cfloat64` magnitudes are held as float64 (exact up to 2^53), float16 as float32. */
export type SampleArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** The array type that holds samples of a data type in memory. */
export function allocateSamples(type: DataType, length: number): SampleArray {
  switch (type) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint64':
    case 'int64':
    case 'float64':
    case 'cfloat64':
    case 'cint32':
      return new Float64Array(length);
    case 'float16':
    case 'float32':
    case 'cint16':
    case 'cfloat32':
      return new Float32Array(length);
  }
}

/** Bytes of one sample in a file; both parts of a complex one. */
export function bytesPerSample(type: DataType): number {
  switch (type) {
    case 'uint8':
    case 'int8':
      return 1;
    case 'uint16':
    case 'int16':
    case 'float16':
      return 2;
    case 'uint32':
    case 'int32':
    case 'float32':
    case 'cint16':
      return 4;
    case 'uint64':
    case 'int64':
    case 'float64':
    case 'cint32':
    case 'cfloat32':
      return 8;
    case 'cfloat64':
      return 16;
  }
}

/** True of integer types, whose values are rounded and clamped when written. */
export function isIntegerType(type: DataType): boolean {
  return type.startsWith('uint') || type.startsWith('int');
}

/** The type of both parts of a complex type; null of the others. */
export function partType(type: DataType): DataType | null {
  return type.startsWith('c') ? (type.slice(1) as DataType) : null;
}

/** The least and greatest value of an integer type; for floats, the finite range. */
export function typeRange(type: DataType): readonly [number, number] {
  switch (type) {
    case 'uint8':
      return [0, 255];
    case 'int8':
      return [-128, 127];
    case 'uint16':
      return [0, 65535];
    case 'int16':
      return [-32768, 32767];
    case 'uint32':
      return [0, 4294967295];
    case 'int32':
      return [-2147483648, 2147483647];
    case 'uint64':
      return [0, 2 ** 64];
    case 'int64':
      return [-(2 ** 63), 2 ** 63];
    case 'float16':
      return [-65504, 65504];
    case 'float32':
    case 'cint16':
    case 'cfloat32':
      return [-3.4028234663852886e38, 3.4028234663852886e38];
    default:
      return [-Number.MAX_VALUE, Number.MAX_VALUE];
  }
}
