import { TiepointError } from '@tiepoint/geometry';
import { type ByteSource, readExactly, truncated } from '../../source/byte-source.js';

/** A component of the image. */
interface Component {
  readonly bits: number;
  readonly signed: boolean;
}

/** What the main header of a JPEG 2000 codestream says, and where its tiles lie. */
export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tilesAcross: number;
  readonly tilesDown: number;
  readonly components: readonly Component[];
  /** How often the resolution can be halved. */
  readonly halvings: number;
  /** The main header, from SOC up to the first tile, without what indexes the tiles. */
  readonly header: Uint8Array;
  /** The tile-parts of each tile, in order. */
  readonly tiles: readonly (readonly { readonly offset: number; readonly length: number }[])[];
}

const markers = { soc: 0xff4f, siz: 0xff51, cod: 0xff52, tlm: 0xff55, plm: 0xff57, ppm: 0xff60, sot: 0xff90 } as const;
const mostHeaderBytes = 16 * 1024 * 1024;
const mostTiles = 65_535;
const mostComponents = 1024;

function corrupt(source: ByteSource, what: string, value: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${source.name}: ${what}`, {
    hint: 'The file is damaged. Fetch or copy it again.',
    value,
  });
}

/** @throws {TiepointError} `file-corrupt`, `file-truncated`, `unsupported-format`. */
export async function readCodestream(
  source: ByteSource,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<Codestream> {
  const kept: Uint8Array[] = [await readExactly(source, from, 2, signal)];
  let at = from + 2;
  let size: Size | null = null;
  let halvings = 0;
  for (;;) {
    const head = await readExactly(source, at, 4, signal);
    const [marker, length] = [head[0]! * 256 + head[1]!, head[2]! * 256 + head[3]!];
    if (marker === markers.sot) break;
    if (marker < 0xff00 || length < 2 || at - from > mostHeaderBytes)
      throw corrupt(source, 'its header ends early', at);
    const segment = await readExactly(source, at, 2 + length, signal);
    if (marker === markers.siz) size = readSize(source, segment);
    if (marker === markers.cod) halvings = segment[9] ?? 0;
    if (marker === markers.ppm) {
      throw new TiepointError('unsupported-format', `${source.name}: packet headers in the main header are not read`, {
        hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif',
        value: 'PPM',
      });
    }
    if (marker !== markers.tlm && marker !== markers.plm) kept.push(segment);
    at += 2 + length;
  }
  if (size === null || halvings > 32) throw corrupt(source, 'its header does not say the size of the image', null);
  const tiles = await locateTiles(source, at, to, size.tilesAcross * size.tilesDown, signal);
  return { ...size, halvings, header: joined(kept), tiles };
}

type Size = Omit<Codestream, 'halvings' | 'header' | 'tiles'>;

function readSize(source: ByteSource, segment: Uint8Array): Size {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (segment.byteLength < 40) throw corrupt(source, 'its header ends early', segment.byteLength);
  const [right, bottom, left, top] = [6, 10, 14, 18].map((offset) => view.getUint32(offset)) as [
    number,
    number,
    number,
    number,
  ];
  const [tileWidth, tileHeight, tileLeft, tileTop] = [22, 26, 30, 34].map((offset) => view.getUint32(offset)) as [
    number,
    number,
    number,
    number,
  ];
  const count = view.getUint16(38);
  if (left !== 0 || top !== 0 || tileLeft !== 0 || tileTop !== 0) {
    throw new TiepointError('unsupported-format', `${source.name}: images that begin beside the origin are not read`, {
      hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif',
      value: [left, top],
    });
  }
  const [tilesAcross, tilesDown] = [Math.ceil(right / tileWidth), Math.ceil(bottom / tileHeight)];
  const possible =
    right > 0 &&
    bottom > 0 &&
    tileWidth > 0 &&
    tileHeight > 0 &&
    tilesAcross * tilesDown <= mostTiles &&
    count >= 1 &&
    count <= mostComponents &&
    segment.byteLength >= 40 + 3 * count;
  if (!possible) throw corrupt(source, `an image of ${right}×${bottom} pixels and ${count} components`, count);
  const components = Array.from({ length: count }, (_, i): Component => {
    const depth = segment[40 + 3 * i]!;
    if (segment[41 + 3 * i] !== 1 || segment[42 + 3 * i] !== 1) {
      throw new TiepointError('unsupported-format', `${source.name}: components of different resolution are not read`, {
        hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif',
        value: i,
      });
    }
    return { bits: (depth & 0x7f) + 1, signed: depth > 0x7f };
  });
  return { width: right, height: bottom, tileWidth, tileHeight, tilesAcross, tilesDown, components };
}

async function locateTiles(
  source: ByteSource,
  from: number,
  to: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<{ offset: number; length: number }[][]> {
  const tiles: { offset: number; length: number }[][] = Array.from({ length: count }, () => []);
  for (let at = from; at + 12 <= to;) {
    const head = await source.read(at, 12, signal);
    if (head.byteLength < 12 || head[0] !== 0xff || head[1] !== 0x90) break;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const index = view.getUint16(4);
    // Zero: up to the end of the codestream.
    const length = view.getUint32(6) || to - at;
    if (index >= count || length < 14) throw corrupt(source, `a part of tile ${index} of ${length} bytes`, index);
    if (at + length > source.size) throw truncated(source, at, length);
    tiles[index]!.push({ offset: at, length });
    at += length;
  }
  return tiles;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/** The place of a tile in the image, px. */
export function tileBounds(
  stream: Codestream,
  index: number,
): { left: number; top: number; right: number; bottom: number } {
  const left = (index % stream.tilesAcross) * stream.tileWidth;
  const top = Math.floor(index / stream.tilesAcross) * stream.tileHeight;
  return {
    left,
    top,
    right: Math.min(stream.width, left + stream.tileWidth),
    bottom: Math.min(stream.height, top + stream.tileHeight),
  };
}

/** One tile as a codestream of its own, at its place: code blocks and wavelets are aligned to the image's origin. */
export async function tileCodestream(
  source: ByteSource,
  stream: Codestream,
  index: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { left, top, right, bottom } = tileBounds(stream, index);
  const header = stream.header.slice();
  const view = new DataView(header.buffer);
  // SIZ is the first segment, after SOC: the image's corners, its origin, then the tiles' size and origin.
  for (const [offset, value] of [
    [6, right],
    [10, bottom],
    [14, left],
    [18, top],
    [30, left],
    [34, top],
  ] as const) {
    view.setUint32(2 + offset, value);
  }
  const parts = await Promise.all(
    stream.tiles[index]!.map(async ({ offset, length }) => {
      const part = (await readExactly(source, offset, length, signal)).slice();
      // It is tile 0 of its own image.
      part[4] = 0;
      part[5] = 0;
      return part;
    }),
  );
  return joined([header, ...parts, Uint8Array.of(0xff, 0xd9)]);
}
