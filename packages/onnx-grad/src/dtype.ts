/** The array that holds the elements of each data type. `bool` is one byte each, `float16` the raw 16 bits. */
export interface ArrayOfDType {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** A data type by ONNX Runtime's name for it. */
export type DType = keyof ArrayOfDType;

/** The array type that holds elements of `D`. */
export type TypedArrayOf<D extends DType> = ArrayOfDType[D];

/** Any array a tensor's elements can be held in. */
export type TensorData = ArrayOfDType[DType];

/** ONNX's `TensorProto.DataType` numbers. */
export const onnxDataType: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** A zero-filled array for `length` elements of a data type. */
function allocate<D extends DType>(dtype: D, length: number): TypedArrayOf<D> {
  return new constructors[dtype](length) as TypedArrayOf<D>;
}

/** An array of `length` equal elements of a data type. */
export function filled<D extends DType>(dtype: D, length: number, value: number): TypedArrayOf<D> {
  const data = allocate(dtype, length) as TensorData;
  if (data instanceof BigInt64Array) data.fill(BigInt(value));
  else data.fill(value);
  return data as TypedArrayOf<D>;
}

/** Whether `data` is the kind of array that holds elements of `dtype`. */
export function holds(data: TensorData, dtype: DType): boolean {
  return data instanceof constructors[dtype];
}

/** The data type an array is taken for where none is named (`Uint8Array` is `uint8`, not `bool`; `Uint16Array` is `float16`). */
export function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint8Array) return 'uint8';
  return 'float16';
}
