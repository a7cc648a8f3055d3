import { TiepointError } from '@tiepoint/geometry';
import type * as Zarrita from 'zarrita';
import { type ByteSource, readExactly } from '../../source/byte-source.js';
import { baseName, type Beside, type OpenContext } from '../beside.js';
import type { CfDataset, CfValue, CfVariable } from '../cf/cf-dataset.js';
import { allocateSamples, bytesPerSample, type DataType, type SampleArray } from '../data-type.js';
import { type ChunkSamples, chunkReader } from './read-chunks.js';

type ZarrArray = Zarrita.Array<Zarrita.DataType>;

/** More arrays than any product has. */
const mostVariables = 10_000;
/** A chunk holds no more bytes than this. */
const mostChunkBytes = 128 * 1024 * 1024;

const types: Readonly<Record<string, DataType>> = {
  bool: 'uint8',
  uint8: 'uint8',
  int8: 'int8',
  uint16: 'uint16',
  int16: 'int16',
  uint32: 'uint32',
  int32: 'int32',
  uint64: 'uint64',
  int64: 'int64',
  float16: 'float16',
  float32: 'float32',
  float64: 'float64',
};

/** Opens the Zarr store whose root file is given; chunks come from beside it. @throws {TiepointError} `file-corrupt`. */
export async function openZarr(source: ByteSource, beside: Beside, context: OpenContext): Promise<CfDataset> {
  try {
    return await readStore(source, beside, context);
  } catch (cause) {
    throw cause instanceof TiepointError ? cause : damaged(source.name, cause);
  }
}

async function readStore(source: ByteSource, beside: Beside, { band, signal }: OpenContext): Promise<CfDataset> {
  const zarr = await import('zarrita');
  const store = await zarr.withMaybeConsolidatedMetadata(storeOf(beside, signal));
  const own = await open(zarr, zarr.root(store));
  const folder = source.name.replace(/[/\\]?[^/\\]*$/, '');
  const variables: CfVariable[] = [];
  if (own?.kind === 'array')
    variables.push(variableOf(own, baseName(folder).replace(/\.zarr$/, '') || 'array', source.name));
  else {
    for (const path of await arrayPaths(store, beside, band)) {
      // What cannot be read here, as arrays of complex numbers, is left out.
      const node = await open(zarr, zarr.root(store).resolve(path)).catch(() => null);
      if (node?.kind === 'array') variables.push(variableOf(node, path, source.name));
    }
  }
  return {
    format: 'Zarr',
    name: source.name,
    location: source.location,
    attributes: attributesOf(own?.attrs ?? {}),
    turnsRows: false,
    compression: 'Zarr',
    variables,
    close: () => source.close(),
  };
}

/** The node of a place; null where there is none. */
async function open(
  zarr: typeof Zarrita,
  location: Zarrita.Location<Zarrita.AsyncReadable>,
): Promise<ZarrArray | Zarrita.Group<Zarrita.AsyncReadable> | null> {
  try {
    return await zarr.open(location);
  } catch (error) {
    if (error instanceof zarr.NotFoundError) return null;
    throw error;
  }
}

/** The paths of arrays: those of consolidated metadata, else the folders beside, else what is asked for. */
async function arrayPaths(store: object, beside: Beside, band: string | undefined): Promise<string[]> {
  if ('contents' in store && typeof store.contents === 'function') {
    const listed = (store.contents as Zarrita.Listable<Zarrita.AsyncReadable>['contents'])();
    return listed.flatMap(({ path, kind }) => (kind === 'array' ? [path.slice(1)] : [])).slice(0, mostVariables);
  }
  const names = (await beside.list()).map((name) => name.replace(/\/(?:zarr\.json|\.zarray)$/, ''));
  const folders = names.filter((name) => !/(^|\/)\.|\.json$/.test(name));
  const asked = band === undefined ? [] : [band.replace(/^\//, '')];
  return [...new Set([...folders, ...asked])].slice(0, mostVariables);
}

function storeOf(beside: Beside, signal: AbortSignal | undefined): Zarrita.AsyncReadable {
  const at = async <T>(key: string, read: (source: ByteSource) => Promise<T>): Promise<T | undefined> => {
    // What the store's own text names stays inside it.
    if (key.split('/').includes('..')) return undefined;
    const source = await beside.bytes(key.slice(1));
    if (source === null) return undefined;
    try {
      return await read(source);
    } finally {
      await source.close();
    }
  };
  return {
    get: (key) => at(key, (source) => readExactly(source, 0, source.size, signal)),
    getRange: (key, range) =>
      at(key, (source) =>
        'suffixLength' in range
          ? readExactly(
              source,
              Math.max(0, source.size - range.suffixLength),
              Math.min(source.size, range.suffixLength),
              signal,
            )
          : readExactly(source, range.offset, range.length, signal),
      ),
  };
}

function variableOf(array: ZarrArray, name: string, store: string): CfVariable {
  const { shape, chunks, attrs } = array;
  const isWhole = (size: number, least: number): boolean => Number.isSafeInteger(size) && size >= least;
  if (chunks.length !== shape.length || !shape.every((n) => isWhole(n, 0)) || !chunks.every((n) => isWhole(n, 1))) {
    throw damaged(store, `${name} has ${shape.join('×')} samples in chunks of ${chunks.join('×')}`);
  }
  const dataType = types[array.dtype] ?? null;
  const attributes = attributesOf(attrs);
  const fill = array.fillValue;
  if (!attributes.has('_FillValue') && (typeof fill === 'number' || typeof fill === 'bigint')) {
    attributes.set('_FillValue', Number(fill));
  }
  const named = array.dimensionNames ?? attrs['_ARRAY_DIMENSIONS'];
  const names = Array.isArray(named) ? named.map(String) : [];
  const reader = chunkReader(shape, chunks, (at) => decodeChunk(array, at, dataType!, store));
  return {
    name,
    dimensions: shape.map((size, i) => ({ name: names[i] ?? `${name} dimension ${i}`, size })),
    attributes,
    dataType,
    blockHeight: Math.max(1, chunks.at(-2) ?? 1),
    read: (start, count, signal) =>
      reader(
        start,
        count,
        allocateSamples(
          dataType!,
          count.reduce((product, n) => product * n, 1),
        ),
        signal,
      ),
  };
}

async function decodeChunk(
  array: ZarrArray,
  at: readonly number[],
  type: DataType,
  store: string,
): Promise<ChunkSamples> {
  const bytes = array.chunks.reduce((product, size) => product * size, bytesPerSample(type));
  if (!(bytes <= mostChunkBytes)) {
    throw new TiepointError('image-too-large', `${store}: a chunk of it holds ${bytes} bytes`, {
      hint: 'Write it again in smaller chunks.',
      value: array.chunks,
    });
  }
  try {
    const { data, shape, stride } = await array.getChunk([...at]);
    return { data: plain(data), shape, stride };
  } catch (cause) {
    throw cause instanceof TiepointError ? cause : damaged(store, cause);
  }
}

function plain(data: unknown): SampleArray {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) return data as unknown as SampleArray;
  // Truth values.
  return Uint8Array.from(data as Iterable<boolean>, Number);
}

function attributesOf(attributes: Zarrita.Attributes): Map<string, CfValue> {
  const out = new Map<string, CfValue>();
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' || typeof value === 'number') out.set(name, value);
    else if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number'))
      out.set(name, value);
    else if (name === '_CRS' && value !== null && typeof value === 'object') {
      // GDAL's, in several spellings.
      const { url, wkt, projjson } = value as { url?: unknown; wkt?: unknown; projjson?: unknown };
      const text = typeof wkt === 'string' ? wkt : projjson ? JSON.stringify(projjson) : url;
      if (typeof text === 'string') out.set('crs_wkt', text);
    }
  }
  return out;
}

function damaged(name: string, cause: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${name}: the Zarr store cannot be read`, {
    hint: 'It is incomplete or damaged, or compressed in a way that is not known here. Fetch it again.',
    value: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}
