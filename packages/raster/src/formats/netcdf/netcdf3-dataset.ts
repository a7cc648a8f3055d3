import { TiepointError } from '@tiepoint/geometry';
import type { NetCDFReader as Reader } from 'netcdfjs';
import { type ByteSource, readExactly, truncated } from '../../source/byte-source.js';
import { allocateSamples, bytesPerSample, type DataType, type SampleArray } from '../data-type.js';
import { samplesFromBytes, toMachineOrder } from '../geotiff/codecs/sample-bytes.js';
import type { CfDataset, CfValue, CfVariable } from '../cf/cf-dataset.js';

const types: Readonly<Record<string, DataType>> = {
  byte: 'int8',
  short: 'int16',
  int: 'int32',
  float: 'float32',
  double: 'float64',
};
/** What NetCDF's library fills with what is never written, where a variable names no value of its own. */
const usualFill: Readonly<Record<string, number>> = {
  short: -32767,
  int: -2147483647,
  float: 9.969209968386869e36,
  double: 9.969209968386869e36,
};
/** Headers are read in growing parts up to this. */
const [firstBytes, mostHeaderBytes] = [64 * 1024, 64 * 1024 * 1024];

/** Reads the header of a classic NetCDF file (CDF-1 and 2); samples are read from where they stand. @throws {TiepointError} `file-corrupt`, `unsupported-format`. */
export async function openNetcdf3(source: ByteSource, signal: AbortSignal | undefined): Promise<CfDataset> {
  const { header } = await readHeader(source, signal);
  const { dimensions = [], variables = [], globalAttributes = [], recordDimension } = header;
  const records = variables.filter(({ record }) => record);
  return {
    format: 'netCDF',
    name: source.name,
    location: source.location,
    attributes: attributesOf(globalAttributes),
    turnsRows: true,
    compression: 'none',
    close: () => source.close(),
    variables: variables.map((variable): CfVariable => {
      const dataType = types[variable.type] ?? null;
      const sizes = variable.dimensions.map((id, i) => {
        const { name = '', size = 0 } = dimensions[id] ?? {};
        return { name, size: variable.record && i === 0 ? recordDimension.length : size };
      });
      const attributes = attributesOf(variable.attributes);
      const fill = usualFill[variable.type];
      if (fill !== undefined && !attributes.has('_FillValue') && !attributes.has('missing_value')) {
        attributes.set('_FillValue', fill);
      }
      const inner = sizes.slice(1).reduce((product, { size }) => product * size, 1);
      // A lone variable of records is not padded.
      const step =
        records.length === 1
          ? inner * (dataType === null ? 1 : bytesPerSample(dataType))
          : (recordDimension.recordStep ?? 0);
      const place = { offset: variable.offset, recordStep: variable.record ? step : null };
      return {
        name: variable.name,
        dimensions: sizes,
        attributes,
        dataType,
        blockHeight: 256,
        read: (start, count, abort) =>
          readBox(
            source,
            dataType!,
            sizes.map(({ size }) => size),
            place,
            { start, count },
            abort,
          ),
      };
    }),
  };
}

async function readHeader(source: ByteSource, signal: AbortSignal | undefined): Promise<Reader> {
  const { NetCDFReader } = await import('netcdfjs');
  for (let length = firstBytes; ; length *= 4) {
    const bytes = await source.read(0, Math.min(length, source.size), signal);
    try {
      return new NetCDFReader(bytes.slice().buffer);
    } catch (cause) {
      if (length < source.size && length < mostHeaderBytes) continue;
      const isNewer = bytes[3] === 5;
      throw new TiepointError(
        isNewer ? 'unsupported-format' : 'file-corrupt',
        `${source.name}: ${isNewer ? 'NetCDF of the kind CDF-5 cannot be read' : 'the header of the NetCDF file is damaged'}`,
        {
          hint: isNewer ? 'Convert it first: nccopy -k nc4 in.nc out.nc' : 'Fetch or copy it again.',
          value: cause instanceof Error ? cause.message : String(cause),
          cause,
        },
      );
    }
  }
}

function attributesOf(list: readonly { name: string; value: unknown }[]): Map<string, CfValue> {
  return new Map(list.map(({ name, value }) => [name, value as CfValue]));
}

/** Bytes of rows that are read at a time, with what lies between them. */
const chunkBytes = 16 * 1024 * 1024;

async function readBox(
  source: ByteSource,
  type: DataType,
  sizes: readonly number[],
  place: { readonly offset: number; readonly recordStep: number | null },
  box: { readonly start: readonly number[]; readonly count: readonly number[] },
  signal: AbortSignal | undefined,
): Promise<SampleArray> {
  const sample = bytesPerSample(type);
  const steps = sizes.map((_, i) =>
    i === 0 && place.recordStep !== null
      ? place.recordStep
      : sizes.slice(i + 1).reduce((product, size) => product * size, sample),
  );
  const { start, count } = box;
  const total = count.reduce((product, n) => product * n, 1);
  const from = start.reduce((sum, at, i) => sum + at * steps[i]!, place.offset);
  // Before anything of the size that the header claims is allocated.
  const last = count.reduce((sum, n, i) => sum + (n - 1) * steps[i]!, from) + sample;
  if (!(last <= source.size)) throw truncated(source, from, last - from);
  const out = allocateSamples(type, total);
  const rank = count.length;
  const [rows, columns] = [rank < 2 ? 1 : count[rank - 2]!, count[rank - 1]!];
  const [rowStep, pixelStep] = [rank < 2 ? 0 : steps[rank - 2]!, steps[rank - 1]!];
  const span = (columns - 1) * pixelStep + sample;
  const together = Math.max(1, Math.floor((chunkBytes - span) / Math.max(1, rowStep)) + 1);
  for (let done = 0; done < total; done += rows * columns) {
    // The plane's place along the leading dimensions.
    let [rest, offset] = [done / (rows * columns), from];
    for (let i = rank - 3; i >= 0; i--) {
      offset += (rest % count[i]!) * steps[i]!;
      rest = Math.floor(rest / count[i]!);
    }
    for (let row = 0; row < rows; row += together) {
      signal?.throwIfAborted();
      const n = Math.min(together, rows - row);
      const bytes = await readExactly(source, offset + row * rowStep, (n - 1) * rowStep + span, signal);
      for (let r = 0; r < n; r++) {
        const packed = packedRow(bytes, r * rowStep, columns, pixelStep, sample);
        toMachineOrder(packed, sample, false);
        out.set(samplesFromBytes(packed, type), done + (row + r) * columns);
      }
    }
  }
  return out;
}

/** The samples of a row, side by side, in memory of their own. */
function packedRow(bytes: Uint8Array, from: number, columns: number, step: number, sample: number): Uint8Array {
  if (step === sample) return bytes.slice(from, from + columns * sample);
  const out = new Uint8Array(columns * sample);
  for (let i = 0; i < columns; i++) out.set(bytes.subarray(from + i * step, from + i * step + sample), i * sample);
  return out;
}
