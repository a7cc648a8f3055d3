import { TiepointError } from '@tiepoint/geometry';
import { openAtomicOutput } from './atomic-output.js';
import { descriptionFields, imageFields, maskFields } from '../read/tiff-description.js';
import { directorySize, encodeDirectory, encodeHeader, type TiffField } from '../tiff-fields.js';
import {
  encodeTileRow,
  maskCompression,
  planTiles,
  type RasterWriter,
  rowWriter,
  tileFields,
  type TilePlan,
  writable,
} from './geotiff-writer.js';
import { compressionTag } from './tile-encoder.js';
import type { GeoTiffOptions } from './write-options.js';

/** Offsets and sizes of tiles, planes one after the other. */
interface TileTables {
  readonly image: { offsets: number[]; sizes: number[] };
  readonly mask: { offsets: number[]; sizes: number[] };
}

/**
 * Opens a tiled GeoTIFF for writing row by row; memory is bounded by one row of tiles.
 * @throws {TiepointError} `output-exists`, `output-unwritable`, `unsupported-type`, `unsupported-compression`, `crs-unwritable`.
 */
export async function createGeoTiff(path: string, requested: GeoTiffOptions): Promise<RasterWriter> {
  const options = await writable(requested);
  const plan = planTiles(options);
  const output = await openAtomicOutput(path, options.overwrite ?? false);
  let position = plan.big ? 16 : 8;
  const tables: TileTables = emptyTables(plan);
  const append = async (bytes: Uint8Array): Promise<{ offset: number; size: number }> => {
    const offset = position;
    // Tiles begin at even offsets, as the specification asks.
    position += bytes.byteLength + (bytes.byteLength & 1);
    await output.write(bytes, offset);
    return { offset, size: bytes.byteLength };
  };
  return rowWriter(options, plan, output, {
    tileRow: async (rows, row) => {
      const encoded = await encodeTileRow(rows, options, plan);
      for (const [i, { image, mask }] of encoded.entries()) {
        const index = row * plan.tilesAcross + i;
        for (const [plane, bytes] of image.entries()) {
          setTile(tables.image, plane * plan.tilesAcross * plan.tilesDown + index, await append(bytes));
        }
        if (mask) setTile(tables.mask, index, await append(mask));
      }
    },
    finish: async () => {
      const first = Math.ceil(position / 8) * 8;
      const directories = [imageDirectory(options, plan, tables)];
      if (plan.masked) directories.push(maskDirectory(options, plan, tables));
      let at = first;
      for (const [i, fields] of directories.entries()) {
        const size = directorySize(fields, plan.big);
        const next = i + 1 < directories.length ? at + size : 0;
        await output.write(encodeDirectory(fields, plan.big, at, next), at);
        at += size;
      }
      if (!plan.big && at >= 2 ** 32) {
        throw new TiepointError('output-too-large', `${path}: more than 4 GiB in a classic TIFF`, {
          hint: 'Ask for BigTIFF.',
          value: at,
        });
      }
      await output.write(encodeHeader(plan.big, first), 0);
    },
  });
}

function emptyTables(plan: TilePlan): TileTables {
  const make = (count: number): { offsets: number[]; sizes: number[] } => ({
    offsets: Array.from<number>({ length: count }).fill(0),
    sizes: Array.from<number>({ length: count }).fill(0),
  });
  const tiles = plan.tilesAcross * plan.tilesDown;
  return { image: make(tiles * plan.planes.length), mask: make(plan.masked ? tiles : 0) };
}

function setTile(
  table: { offsets: number[]; sizes: number[] },
  index: number,
  location: { offset: number; size: number },
): void {
  table.offsets[index] = location.offset;
  table.sizes[index] = location.size;
}

function imageDirectory(options: GeoTiffOptions, plan: TilePlan, tables: TileTables): TiffField[] {
  return [
    ...imageFields(options, options, plan.tileSize, plan.planes.length > 1, plan.encoding, false),
    ...descriptionFields(options),
    ...tileFields(tables.image, plan.big),
  ];
}

function maskDirectory(options: GeoTiffOptions, plan: TilePlan, tables: TileTables): TiffField[] {
  const compression = compressionTag(maskCompression(plan.encoding));
  return [...maskFields(options, plan.tileSize, compression, false), ...tileFields(tables.mask, plan.big)];
}
