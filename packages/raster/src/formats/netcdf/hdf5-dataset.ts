import { TiepointError } from '@tiepoint/geometry';
import type { Attribute, Dataset, File as Hdf5File, Group } from 'h5wasm/node';
import { type ByteSource, readExactly } from '../../source/byte-source.js';
import type { DataType, SampleArray } from '../data-type.js';
import { type CfDataset, type CfValue, type CfVariable } from '../cf/cf-dataset.js';

/** What is not a local file is copied to one, up to this many bytes. */
const mostCopied = 2 ** 30;
/** More arrays than any product has, and groups in groups. */
const [mostVariables, deepest] = [10_000, 12];

/**
 * Opens an HDF5 or NetCDF-4 file through the HDF5 library (h5wasm, an optional dependency): arrays of all groups, which are
 * named `group/array` but for those of the root.
 * @throws {TiepointError} `file-corrupt`, `unsupported-format` where the library is missing, `image-too-large`.
 */
export async function openHdf5(source: ByteSource, signal: AbortSignal | undefined): Promise<CfDataset> {
  const library = await loadLibrary(source.name);
  const local = await localCopy(source, signal);
  let file: Hdf5File;
  try {
    file = new library.File(local.path, 'r');
    if (file.file_id < 0n) throw new Error('the library does not open it');
  } catch (cause) {
    await local.remove();
    throw damaged(source.name, cause);
  }
  const close = async (): Promise<void> => {
    file.close();
    await local.remove();
    await source.close();
  };
  const variables: CfVariable[] = [];
  try {
    const isNetcdf = '_NCProperties' in file.attrs || '_nc3_strict' in file.attrs;
    collect(library, file, '', variables, source.name, 0);
    return {
      format: isNetcdf || variables.some(({ attributes }) => attributes.has('CLASS')) ? 'netCDF' : 'HDF5',
      name: source.name,
      location: source.location,
      attributes: attributesOf(file.attrs),
      turnsRows: true,
      compression: 'HDF5',
      variables,
      close,
    };
  } catch (cause) {
    file.close();
    await local.remove();
    throw cause instanceof TiepointError ? cause : damaged(source.name, cause);
  }
}

type Library = typeof import('h5wasm/node');

async function loadLibrary(name: string): Promise<Library> {
  if (typeof process === 'undefined' || !process.versions?.node) {
    throw new TiepointError('unsupported-format', `${name}: HDF5 and NetCDF-4 cannot be read in a browser`, {
      hint: 'Convert it first: gdal_translate -of COG in out.tif',
      value: name,
    });
  }
  try {
    const library = await import('h5wasm/node');
    // Errors are thrown, not printed.
    (await library.ready).activate_throwing_error_handler();
    return library;
  } catch (cause) {
    throw new TiepointError('unsupported-format', `${name}: HDF5 and NetCDF-4 need the package h5wasm`, {
      hint: 'npm install h5wasm, or convert it: gdal_translate in.nc out.tif',
      value: 'h5wasm',
      cause,
    });
  }
}

/** The library reads paths: bytes from elsewhere are copied to one. */
async function localCopy(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const { existsSync } = await import('node:fs');
  if (source.location !== null && existsSync(source.location)) return { path: source.location, remove: async () => {} };
  if (source.size > mostCopied) {
    throw new TiepointError('image-too-large', `${source.name}: ${source.size} bytes are too many to copy`, {
      hint: 'Download it first: HDF5 is read from local files.',
      value: source.size,
    });
  }
  const [{ mkdtemp, rm, writeFile }, { tmpdir }, { join }] = [
    await import('node:fs/promises'),
    await import('node:os'),
    await import('node:path'),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-hdf5-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, 'copy.h5'), await readExactly(source, 0, source.size, signal));
    return { path: join(folder, 'copy.h5'), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function damaged(name: string, cause: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${name}: the HDF5 file cannot be read`, {
    hint: 'The file is incomplete or damaged. Fetch or copy it again.',
    // The library's own report has a line a function.
    value: (cause instanceof Error ? cause.message : String(cause)).split('\n').slice(0, 2).join(' '),
    cause,
  });
}

function collect(library: Library, group: Group, path: string, out: CfVariable[], name: string, depth: number): void {
  for (const key of group.keys()) {
    if (out.length >= mostVariables) return;
    const entity = group.get(key);
    if (entity instanceof library.Dataset) out.push(variableOf(entity, `${path}${key}`, path, name));
    else if (entity instanceof library.Group && depth < deepest)
      collect(library, entity, `${path}${key}/`, out, name, depth + 1);
  }
}

function variableOf(dataset: Dataset, name: string, group: string, file: string): CfVariable {
  const { shape, metadata } = dataset;
  const sizes = shape ?? [];
  const chunk = metadata.chunks?.at(-2);
  return {
    name,
    dimensions: dimensionsOf(dataset, sizes, group),
    attributes: attributesOf(dataset.attrs),
    dataType: typeOf(dataset.dtype),
    blockHeight: chunk ? Math.max(1, chunk) : 256,
    read: async (start, count, signal) => {
      signal?.throwIfAborted();
      try {
        const read: unknown = dataset.slice(start.map((at, i) => [at, at + count[i]!]));
        return plain(read, typeOf(dataset.dtype)!);
      } catch (cause) {
        throw damaged(`${file}#${name}`, cause);
      }
    },
  };
}

/** NetCDF-4's dimensions are HDF5's scales; others have none, and are named by their order. */
function dimensionsOf(dataset: Dataset, sizes: readonly number[], group: string): { name: string; size: number }[] {
  const isScale = textIn(dataset.attrs['CLASS'])?.startsWith('DIMENSION_SCALE') ?? false;
  if (isScale && sizes.length === 1) return [{ name: dataset.path.replace(/^\//, ''), size: sizes[0]! }];
  return sizes.map((size, i) => {
    const [scale] = dataset.get_attached_scales(i);
    if (scale === undefined) return { name: `${group}dimension ${i - sizes.length} of ${size}`, size };
    const found = scale.replace(/^\//, '');
    return { name: found, size };
  });
}

const plainTypes: Readonly<Record<string, DataType>> = {
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int32',
  L: 'uint32',
  q: 'int64',
  Q: 'uint64',
  e: 'float16',
  f: 'float32',
  d: 'float64',
};

/** Letters of Python's `struct`, which the library uses; the byte order is undone by it. */
function typeOf(dtype: unknown): DataType | null {
  return typeof dtype === 'string' ? (plainTypes[dtype.replace(/^[<>=|]/, '')] ?? null) : null;
}

function plain(read: unknown, type: DataType): SampleArray {
  if (read instanceof BigInt64Array || read instanceof BigUint64Array) return Float64Array.from(read, Number);
  if (ArrayBuffer.isView(read) && !(read instanceof DataView)) return read as unknown as SampleArray;
  throw new Error(`samples of ${type} come as ${typeof read}`);
}

function textIn(attribute: Attribute | undefined): string | null {
  const value = attribute?.value;
  return typeof value === 'string' ? value : null;
}

function attributesOf(attributes: Record<string, Attribute>): Map<string, CfValue> {
  const out = new Map<string, CfValue>();
  for (const [name, attribute] of Object.entries(attributes)) {
    // References and the like are no values here.
    if (/^(?:DIMENSION_LIST|REFERENCE_LIST)$/.test(name)) continue;
    const value: unknown = attribute.value;
    if (typeof value === 'string' || typeof value === 'number') out.set(name, value);
    else if (typeof value === 'bigint') out.set(name, Number(value));
    else if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') out.set(name, value[0]);
    else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const numbers = Array.from(value as unknown as Iterable<number | bigint>, Number);
      out.set(name, numbers.length === 1 ? numbers[0]! : numbers);
    }
  }
  return out;
}
