import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRandom, type Random, TiepointError } from '@tiepoint/geometry';
import sharp, { type Sharp } from 'sharp';
import { openRaster } from './formats/open-raster.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** The valid files mutation starts from: the fixtures, and a PNG, a JPEG and a WebP. */
export async function fuzzBases(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const tiffs = readdirSync(fixtures)
    .filter((name) => name.endsWith('.tif'))
    .toSorted()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(fixtures + name)) }));
  const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 251);
  const image = (): Sharp => sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } });
  return [
    ...tiffs,
    { name: 'png', bytes: new Uint8Array(await image().png().toBuffer()) },
    { name: 'jpeg', bytes: new Uint8Array(await image().jpeg().toBuffer()) },
    { name: 'webp', bytes: new Uint8Array(await image().webp().toBuffer()) },
  ];
}

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

/** Reads a file in every way; gives the codes of what was refused, or throws what must never be thrown. */
export async function readEveryWay(bytes: Uint8Array): Promise<string> {
  try {
    await using file = await openRaster(bytes);
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

/** The mutated file of a seed. */
export function fuzzCase(
  bases: readonly { name: string; bytes: Uint8Array }[],
  seed: number,
): { name: string; bytes: Uint8Array } {
  const random = createRandom(seed);
  const base = bases[Math.floor(random.uniform() * bases.length)]!;
  return { name: base.name, bytes: mutate(base.bytes, random) };
}
