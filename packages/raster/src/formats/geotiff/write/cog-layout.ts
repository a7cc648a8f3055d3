import type { AtomicOutput } from './atomic-output.js';
import type { CogLevel, CogOptions } from './cog-options.js';
import { maskCompression, tileFields, type TilePlan } from './geotiff-writer.js';
import { descriptionFields, imageFields, maskFields } from '../read/tiff-description.js';
import { directorySize, encodeDirectory, encodeHeader, type TiffField } from '../tiff-fields.js';
import { compressionTag } from './tile-encoder.js';

/** Written at a time. */
const chunkSize = 8 * 1024 * 1024;

type Table = { offsets: number[]; sizes: number[] };

/**
 * Puts spooled tiles in COG order: header, all directories, then the tiles from the smallest level to the full image,
 * each between its size and a repetition of its last four bytes, mask tiles behind the tiles they belong to.
 * The layout and its "ghost area" are described in GDAL's COG driver documentation.
 */
export async function writeCogFile(
  options: CogOptions,
  plan: TilePlan,
  levels: readonly CogLevel[],
  spool: AtomicOutput,
  output: AtomicOutput,
): Promise<void> {
  const planar = plan.planes.length > 1;
  const ghost = planar ? new Uint8Array(0) : ghostArea(plan.masked);
  let big = options.bigTiff ?? false;
  let placed = place(options, plan, levels, ghost.byteLength, big);
  if (placed.end >= 2 ** 32 && !big && options.bigTiff === undefined) {
    big = true;
    placed = place(options, plan, levels, ghost.byteLength, big);
  }
  const header = encodeHeader(big, placed.directories[0]!.offset);
  await output.write(header, 0);
  await output.write(ghost, header.byteLength);
  for (const [i, { offset, fields }] of placed.directories.entries()) {
    const next = placed.directories[i + 1]?.offset ?? 0;
    await output.write(encodeDirectory(fields, big, offset, next), offset);
  }
  let position = placed.dataStart;
  for (const level of levels.toReversed()) position = await copyLevel(level, plan, spool, output, position);
}

interface Placed {
  readonly directories: readonly { offset: number; fields: TiffField[] }[];
  readonly dataStart: number;
  readonly end: number;
}

/** Decides where everything stands, which needs every size but no byte of the tiles. */
function place(
  options: CogOptions,
  plan: TilePlan,
  levels: readonly CogLevel[],
  ghostBytes: number,
  big: boolean,
): Placed {
  const tables = levels.map((level) => ({
    image: { offsets: level.image.offsets.map(() => 0), sizes: level.image.sizes },
    mask: { offsets: level.mask.offsets.map(() => 0), sizes: level.mask.sizes },
  }));
  const fieldsOf = (): TiffField[][] =>
    levels.flatMap((level, i) => {
      const image = [
        ...imageFields(options, level, plan.tileSize, plan.planes.length > 1, plan.encoding, i > 0),
        ...(i === 0 ? descriptionFields(options) : nodataField(options)),
        ...tileFields(tables[i]!.image, big),
      ];
      if (!plan.masked) return [image];
      const compression = compressionTag(maskCompression(plan.encoding));
      const mask = maskFields(level, plan.tileSize, compression, i > 0);
      return [image, [...mask, ...tileFields(tables[i]!.mask, big)]];
    });
  // The validator wants the first directory right behind, at an even offset.
  let at = Math.ceil(((big ? 16 : 8) + ghostBytes) / 2) * 2;
  const offsets = fieldsOf().map((fields) => {
    const offset = at;
    at += directorySize(fields, big);
    return offset;
  });
  const dataStart = at;
  for (const [i, level] of [...levels.entries()].toReversed()) {
    for (const { table, index } of tileOrder(level, plan)) {
      const target = table === level.image ? tables[i]!.image : tables[i]!.mask;
      target.offsets[index] = at + 4;
      at += 8 + table.sizes[index]!;
    }
  }
  const fields = fieldsOf();
  return { directories: offsets.map((offset, i) => ({ offset, fields: fields[i]! })), dataStart, end: at };
}

/** Overviews repeat the nodata value, as GDAL writes it. */
function nodataField(options: CogOptions): TiffField[] {
  const { nodata, bandCount } = options;
  return nodata === undefined
    ? []
    : descriptionFields({ width: 1, height: 1, bandCount, dataType: options.dataType, nodata });
}

/** Tiles of a level as they stand in the file. */
function* tileOrder(level: CogLevel, plan: TilePlan): Generator<{ table: Table; index: number }> {
  const tiles = level.tilesAcross * level.tilesDown;
  for (let index = 0; index < tiles; index++) {
    for (let plane = 0; plane < plan.planes.length; plane++) yield { table: level.image, index: plane * tiles + index };
    if (plan.masked) yield { table: level.mask, index };
  }
}

async function copyLevel(
  level: CogLevel,
  plan: TilePlan,
  spool: AtomicOutput,
  output: AtomicOutput,
  start: number,
): Promise<number> {
  let position = start;
  let pending: { offset: number; size: number }[] = [];
  let pendingBytes = 0;
  // Kept from row to row: fresh memory for each costs more than the copying.
  let readInto = new Uint8Array(0);
  let writeFrom = new Uint8Array(0);
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    // Tiles of a row were spooled one behind the other, so that one read fetches many.
    const low = Math.min(...pending.map((t) => t.offset));
    const high = Math.max(...pending.map((t) => t.offset + t.size));
    if (readInto.length < high - low) readInto = new Uint8Array(high - low);
    if (writeFrom.length < pendingBytes) writeFrom = new Uint8Array(pendingBytes);
    const bytes = await spool.read(low, high - low, readInto);
    const out = writeFrom.subarray(0, pendingBytes);
    const view = new DataView(out.buffer);
    let at = 0;
    for (const { offset, size } of pending) {
      const tile = bytes.subarray(offset - low, offset - low + size);
      view.setUint32(at, size, true);
      out.set(tile, at + 4);
      // Fewer than four bytes cannot repeat; no compressor makes so few.
      out.set(tile.subarray(Math.max(0, size - 4)), at + 4 + size);
      at += size + 8;
    }
    await output.write(out, position);
    position += pendingBytes;
    pending = [];
    pendingBytes = 0;
  };
  let row = 0;
  for (const { table, index } of tileOrder(level, plan)) {
    const tileRow = Math.floor((index % (level.tilesAcross * level.tilesDown)) / level.tilesAcross);
    if (tileRow !== row || pendingBytes > chunkSize) {
      await flush();
      row = tileRow;
    }
    pending.push({ offset: table.offsets[index]!, size: table.sizes[index]! });
    pendingBytes += table.sizes[index]! + 8;
  }
  await flush();
  return position;
}

function ghostArea(masked: boolean): Uint8Array {
  const body = [
    'LAYOUT=IFDS_BEFORE_DATA',
    'BLOCK_ORDER=ROW_MAJOR',
    'BLOCK_LEADER=SIZE_AS_UINT4',
    'BLOCK_TRAILER=LAST_4_BYTES_REPEATED',
    'KNOWN_INCOMPATIBLE_EDITION=NO',
    // The space leaves room for a writer that breaks the layout to say YES.
    ` ${masked ? 'MASK_INTERLEAVED_WITH_IMAGERY=YES\n' : ''}`,
  ].join('\n');
  const size = String(body.length).padStart(6, '0');
  return new TextEncoder().encode(`GDAL_STRUCTURAL_METADATA_SIZE=${size} bytes\n${body}`);
}
