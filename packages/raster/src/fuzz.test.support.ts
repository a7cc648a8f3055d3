import { createRandom, type Random, TiepointError } from '@tiepoint/geometry';
import type { Beside } from './formats/beside.js';
import { openSource } from './formats/open-content.js';
import { type RasterContent, rasterFileOf } from './formats/raster-content.js';
import type { RasterFile } from './formats/raster-file.js';
import type { FuzzBase } from './fuzz-bases.test.support.js';
import { placeByRpc } from './georeference/place-by-rpc.js';
import { parseRpcText } from './georeference/rpc-text.js';
import { memorySource } from './source/byte-source.js';

/** Values that break arithmetic. */
const evilTexts = [0, 1, 2, 7, 8, 15, 16, 255, 256, 32767, 32768, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** A copy with one to five mutations: bits, bytes, runs, whole directory entries, truncation. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes.slice();
  const pick = (n: number): number => Math.floor(random.uniform() * n);
  for (let n = 1 + pick(5); n > 0; n--) {
    const at = pick(out.length);
    switch (pick(8)) {
      case 0:
        out[at] = out[at]! ^ (1 << pick(8));
        break;
      case 1:
        out[at] = pick(256);
        break;
      case 2:
        for (let i = at; i < Math.min(out.length, at + 1 + pick(16)); i++) out[i] = pick(256);
        break;
      case 3:
        out = out.slice(0, Math.max(1, at));
        break;
      case 4: {
        // A run is copied elsewhere.
        const length = 1 + pick(64);
        out.copyWithin(pick(out.length), at, at + length);
        break;
      }
      default:
        mutateEntry(out, random);
    }
  }
  return out;
}

/** Changes the type, count or value of an entry of one of the directories, or the header, to something evil. */
function mutateEntry(out: Uint8Array, random: Random): void {
  const pick = (n: number): number => Math.floor(random.uniform() * n);
  const view = new DataView(out.buffer);
  const little = out[0] === 0x49;
  if (out.length < 64 || (!little && out[0] !== 0x4d)) {
    out[pick(out.length)] = evilTexts[pick(evilTexts.length)]!;
    return;
  }
  const big = view.getUint16(2, little) === 43;
  const first = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const header = first + (big ? 8 : 2);
  if (header + 40 > out.length) return;
  const size = big ? 20 : 12;
  const listed = big ? Number(view.getBigUint64(first, little)) : view.getUint16(first, little);
  const count = Math.max(1, Math.min(64, listed, Math.floor((out.length - header) / size)));
  const entry = header + pick(count) * size;
  if (entry + size > out.length) return;
  const evil = random.uniform() < 0.5 ? evilTexts[pick(evilTexts.length)]! : pick(out.length * 2);
  switch (pick(4)) {
    case 0:
      view.setUint16(entry, pick(2) ? view.getUint16(header + pick(count) * size, little) : evil & 0xffff, little);
      break;
    case 1:
      view.setUint16(entry + 2, pick(20), little);
      break;
    case 2:
      if (big) view.setBigUint64(entry + 4, BigInt(evil), little);
      else view.setUint32(entry + 4, evil, little);
      break;
    default:
      if (big) view.setBigUint64(entry + 12, BigInt(evil), little);
      else if (pick(2)) view.setUint32(entry + 8, evil, little);
      else view.setUint16(entry + 8, evil & 0xffff, little);
  }
}

/** Numbers and words that descriptions do not expect. */
const evilWords = [
  '0',
  '-1',
  '1e308',
  '-1e-308',
  'NaN',
  '99999999999999',
  '65536',
  '4294967295',
  '',
  ' ',
  '"',
  '<',
  '../..',
  'é',
];

/** A copy of a text with one to five mutations: numbers, pieces that are doubled, moved, or lost, its end. */
function mutateText(bytes: Uint8Array, random: Random): Uint8Array {
  let out = new TextDecoder().decode(bytes);
  const pick = (n: number): number => Math.floor(random.uniform() * n);
  for (let n = 1 + pick(5); n > 0; n--) {
    const at = pick(out.length);
    const end = Math.min(out.length, at + 1 + pick(120));
    const numbers = [...out.matchAll(/-?\d[\d.e+-]*/g)];
    const number = numbers[pick(numbers.length)];
    const evil = evilWords[pick(evilWords.length)]!;
    switch (pick(7)) {
      case 0:
        out = out.slice(0, at) + out.slice(end);
        break;
      case 1:
        out = out.slice(0, end) + out.slice(at, end).repeat(1 + pick(50)) + out.slice(end);
        break;
      case 2:
        out = out.slice(0, Math.max(8, at));
        break;
      case 3:
        out = out.slice(0, at) + evil + out.slice(at + pick(3));
        break;
      default:
        if (number) out = out.slice(0, number.index) + evil + out.slice(number.index + number[0].length);
    }
  }
  return new TextEncoder().encode(out);
}

/** What lies beside the files of a case, in memory. */
function besideOf(files: FuzzBase['files'], depth: number): Beside {
  const missing = (name: string): TiepointError => new TiepointError('file-not-found', `${name}: not there`, {});
  return {
    bytes: (name) => Promise.resolve(Object.hasOwn(files, name) ? memorySource(files[name]!, name) : null),
    raster: async (name): Promise<RasterContent> => {
      // As opening by path does, it ends where files name each other in a circle.
      if (depth > 8 || !Object.hasOwn(files, name)) throw missing(name);
      return openSource(memorySource(files[name]!, name), { beside: besideOf(files, depth + 1) });
    },
    list: () => Promise.resolve(Object.keys(files)),
  };
}

async function openCase({ files, opened }: FuzzBase): Promise<RasterFile> {
  return rasterFileOf(await openSource(memorySource(files[opened]!, opened), { beside: besideOf(files, 0) }));
}

/** Reads RPCs and places an image by them. */
async function readRpcs(bytes: Uint8Array): Promise<string> {
  const rpc = parseRpcText(new TextDecoder().decode(bytes));
  const place = rpc && (await placeByRpc(rpc, { width: 61, height: 47 }));
  return place === null ? 'no RPCs' : 'read';
}

/** Reads a file in every way; gives the codes of what was refused, or throws what must never be thrown. */
export async function readEveryWay(base: FuzzBase): Promise<string> {
  try {
    if (/RPC\.TXT$|RPB$/.test(base.opened)) return await readRpcs(base.files[base.opened]!);
    await using file = await openCase(base);
    const codes: string[] = [];
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof TiepointError)) throw error;
        codes.push(error.code);
      }
    };
    const size = (n: number): number => Math.min(n, 64);
    await attempt(() => file.readPlane({ width: 24, height: 24, band: 1 }));
    await attempt(() =>
      file.readWindow({ window: { x: 0, y: 0, width: size(file.width), height: size(file.height) } }),
    );
    for (const [i, overview] of file.overviews.slice(0, 4).entries()) {
      await attempt(() =>
        file.readWindow({
          level: i + 1,
          window: { x: 0, y: 0, width: size(overview.width), height: size(overview.height) },
        }),
      );
    }
    return codes.length === 0 ? 'read' : codes.join('+');
  } catch (error) {
    if (error instanceof TiepointError) return error.code;
    throw error;
  }
}

/** The mutated files of a seed. */
export function fuzzCase(bases: readonly FuzzBase[], seed: number): FuzzBase {
  const random = createRandom(seed);
  const base = bases[Math.floor(random.uniform() * bases.length)]!;
  const { files, damaged } = base;
  const bytes = files[damaged]!;
  const isText = bytes[0] !== 0xff && !bytes.subarray(0, 512).some((byte) => byte < 9 || byte > 126);
  return { ...base, files: { ...files, [damaged]: (isText ? mutateText : mutate)(bytes, random) } };
}
