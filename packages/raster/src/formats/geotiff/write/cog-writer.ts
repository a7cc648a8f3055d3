import type { CogOptions, CogLevel } from './cog-options.js';
import type { AtomicOutput } from './atomic-output.js';
import { writeCogFile } from './cog-layout.js';
import { encodeTileRow, planTiles, type RasterWriter, rowWriter, type TilePlan, writable } from './geotiff-writer.js';
import { createReducer, type OverviewReducer } from './overview-reducer.js';
import { emptyTileRows, takeRows, type TileRows } from './tile-rows.js';
import type { RowBlock } from './write-options.js';

/** A level, its rows of tiles being filled, and what makes it from the level above. */
interface WorkingLevel extends CogLevel {
  readonly rows: TileRows;
  readonly reducer: OverviewReducer;
  tileRow: number;
}

/** Opens the two files that a COG is written by: the file itself, and a spool that is thrown away. */
export interface CogFiles {
  output(): Promise<AtomicOutput>;
  spool(): Promise<AtomicOutput>;
}

/**
 * Opens a Cloud Optimized GeoTIFF for writing row by row. Tiles of all levels go to a temporary file as they are
 * encoded and are put in order at the end, so that memory is bounded by a few rows of tiles.
 * @throws {TiepointError} As `createGeoTiff`.
 */
export async function createCogIn(files: CogFiles, options: CogOptions): Promise<RasterWriter> {
  const cog = await writable({ interleave: 'pixel', ...options } as const);
  const plan = planTiles(cog, 512);
  const output = await files.output();
  let spool: AtomicOutput;
  try {
    spool = await files.spool();
  } catch (error) {
    await output.abort();
    throw error;
  }
  const levels = planLevels(cog, plan);
  const [full, ...overviews] = levels as [CogLevel, ...CogLevel[]];
  const working = overviews.map((level, i): WorkingLevel => {
    const above = levels[i]!;
    const { bandCount, dataType } = cog;
    const how = cog.overviewResampling ?? 'average';
    return {
      ...level,
      rows: emptyTileRows(level.width, plan.tileSize, bandCount, dataType, plan.masked),
      reducer: createReducer(above, level, bandCount, dataType, cog.nodata ?? null, plan.masked, how),
      tileRow: 0,
    };
  });
  let position = 0;
  const store = async (level: CogLevel, rows: TileRows, tileRow: number): Promise<void> => {
    const encoded = await encodeTileRow(rows, cog, plan, level.width);
    const add = async (
      table: { offsets: number[]; sizes: number[] },
      index: number,
      bytes: Uint8Array,
    ): Promise<void> => {
      table.offsets[index] = position;
      table.sizes[index] = bytes.byteLength;
      position += bytes.byteLength;
      await spool.write(bytes, position - bytes.byteLength);
    };
    for (const [column, { image, mask }] of encoded.entries()) {
      const index = tileRow * level.tilesAcross + column;
      for (const [plane, bytes] of image.entries()) {
        await add(level.image, plane * level.tilesAcross * level.tilesDown + index, bytes);
      }
      if (mask) await add(level.mask, index, mask);
    }
  };
  /** Feeds rows into level n and whatever they complete into the levels below. */
  const feed = async (n: number, block: RowBlock): Promise<void> => {
    const level = working[n];
    if (!level) return;
    const reduced = level.reducer.push(block);
    if (!reduced) return;
    for (let from = 0; from < reduced.rows;) {
      from += takeRows(level.rows, reduced, from, level.width, plan.tileSize);
      if (level.rows.filled === plan.tileSize) await flush(level);
    }
    await feed(n + 1, reduced);
  };
  const flush = async (level: WorkingLevel): Promise<void> => {
    await store(level, level.rows, level.tileRow++);
    level.rows.filled = 0;
  };
  const both: AtomicOutput = {
    ...output,
    abort: async () => {
      await spool.abort();
      await output.abort();
    },
    commit: async () => {
      await spool.abort();
      await output.commit();
    },
  };
  return rowWriter(cog, plan, both, {
    tileRow: async (rows, row) => {
      // Overviews read the rows before they are encoded.
      const block: RowBlock = { rows: rows.filled, data: rows.data, mask: rows.mask ?? undefined };
      await feed(0, block);
      await store(full, rows, row);
    },
    finish: async () => {
      for (const level of working) if (level.rows.filled > 0) await flush(level);
      await writeCogFile(cog, plan, levels, spool, output);
    },
  });
}

/** The full image and its halvings, down to one that fits a tile. */
function planLevels(options: CogOptions, plan: TilePlan): CogLevel[] {
  const levels: CogLevel[] = [];
  let { width, height } = options;
  for (;;) {
    levels.push({
      width,
      height,
      tilesAcross: Math.ceil(width / plan.tileSize),
      tilesDown: Math.ceil(height / plan.tileSize),
      image: { offsets: [], sizes: [] },
      mask: { offsets: [], sizes: [] },
    });
    if (options.overviews === false || (width <= plan.tileSize && height <= plan.tileSize)) return levels;
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
  }
}
