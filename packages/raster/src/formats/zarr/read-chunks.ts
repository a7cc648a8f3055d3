import { TiepointError } from '@tiepoint/geometry';
import type { SampleArray } from '../data-type.js';

/** Samples of a chunk, with the steps from one to the next along each dimension. */
export interface ChunkSamples {
  readonly data: SampleArray;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** Decoded chunks that are kept of an array, for windows that follow each other; samples. */
const keptSamples = 2 ** 24;
const keptChunks = 4096;
/** More chunks in one box are no image but a header that lies. */
const mostChunks = 65_536;

/** Reads boxes of an array that is stored in chunks, into `out`. */
type ReadBox = (
  start: readonly number[],
  count: readonly number[],
  out: SampleArray,
  signal: AbortSignal | undefined,
) => Promise<SampleArray>;

/** Boxes of an array of chunks; `decode` gives a chunk by its place among the chunks. */
export function chunkReader(
  shape: readonly number[],
  chunks: readonly number[],
  decode: (at: readonly number[]) => Promise<ChunkSamples>,
): ReadBox {
  const kept = new Map<string, ChunkSamples>();
  let samples = 0;
  const chunkAt = async (at: readonly number[]): Promise<ChunkSamples> => {
    const key = at.join('/');
    const known = kept.get(key);
    if (known) return known;
    const chunk = await decode(at);
    kept.set(key, chunk);
    samples += chunk.data.length;
    for (const [oldest, { data }] of kept) {
      if ((samples <= keptSamples && kept.size <= keptChunks) || oldest === key) break;
      kept.delete(oldest);
      samples -= data.length;
    }
    return chunk;
  };
  return async (start, count, out, signal) => {
    const first = start.map((from, i) => Math.floor(from / chunks[i]!));
    const last = start.map((from, i) => Math.floor((Math.min(shape[i]!, from + count[i]!) - 1) / chunks[i]!));
    const total = first.reduce((product, from, i) => product * (last[i]! - from + 1), 1);
    if (!(total >= 1 && total <= mostChunks)) {
      throw new TiepointError('image-too-large', `${total} chunks are too many to read at once`, {
        hint: 'Write the store again in larger chunks, or read a window of it.',
        value: total,
      });
    }
    const at = [...first];
    for (;;) {
      signal?.throwIfAborted();
      copyChunk(await chunkAt(at), at, chunks, { start, count, out });
      // The next chunk, the last dimension first.
      let axis = at.length - 1;
      while (axis >= 0 && at[axis] === last[axis]) at[axis] = first[axis--]!;
      if (axis < 0) return out;
      at[axis]!++;
    }
  };
}

function copyChunk(
  { data, shape, stride }: ChunkSamples,
  at: readonly number[],
  chunks: readonly number[],
  box: { readonly start: readonly number[]; readonly count: readonly number[]; readonly out: SampleArray },
): void {
  const { start, count, out } = box;
  const copy = (axis: number, from: number, to: number): void => {
    const base = at[axis]! * chunks[axis]!;
    const low = Math.max(base, start[axis]!);
    const high = Math.min(base + Math.min(chunks[axis]!, shape[axis]!), start[axis]! + count[axis]!);
    const inner = count.slice(axis + 1).reduce((product, n) => product * n, 1);
    for (let i = low; i < high; i++) {
      const source = from + (i - base) * stride[axis]!;
      const target = to + (i - start[axis]!) * inner;
      if (axis === at.length - 1) out[target] = data[source]!;
      else copy(axis + 1, source, target);
    }
  };
  copy(0, 0, 0);
}
