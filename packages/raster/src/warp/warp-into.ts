import { TiepointError } from '@tiepoint/geometry';
import { bytesPerSample, type DataType, partType, type SampleArray } from '../formats/data-type.js';
import type { Georeference } from '../georeference/georeference.js';
import type { CogOptions } from '../formats/geotiff/write/cog-options.js';
import type { RasterWriter } from '../formats/geotiff/write/geotiff-writer.js';
import { isImageCompression } from '../formats/geotiff/write/tile-encoder.js';
import type { OverviewResampling } from '../formats/geotiff/write/overview-reducer.js';
import type { BandInfo, PixelWindow, RasterFile } from '../formats/raster-file.js';
import { classWarnings, keptDescription, magnitudeWarnings, usualResampling } from './kept-description.js';
import { chooseOverview } from './warp-level.js';
import { measureWiden } from './warp-scale.js';
import { planGrid, type WarpGrid, type WarpTarget } from './warp-plan.js';
import type { PlannedLayer } from './warp-layers.js';
import { buildMapping } from './warp-mapping.js';
import { type WarpedWindow, type WarpResampling, type WindowPlan } from './warp-window.js';
import type { GeoTiffOptions } from '../formats/geotiff/write/write-options.js';

/** What `warp` does and how it writes; the grid's part is {@link WarpTarget}. */
export interface WarpOptions
  extends
    WarpTarget,
    Pick<GeoTiffOptions, 'compression' | 'level' | 'predictor' | 'tileSize' | 'bigTiff' | 'overwrite'> {
  /** Items by domain that join those of the source which still hold, and take their place. */
  readonly metadata?: GeoTiffOptions['metadata'];
  /** GDAL's names. Default `bilinear`, and `nearest` for palettes and classes. */
  readonly resampling?: WarpResampling | undefined;
  /** Bands from 1. Default: all but alpha, which becomes the mask. */
  readonly bands?: readonly number[] | undefined;
  /** Default `COG`. */
  readonly format?: 'COG' | 'GTiff' | undefined;
  /** False writes a COG without overviews. */
  readonly overviews?: boolean | undefined;
  /** Default: `average`, or `nearest` and `mode` where the warp uses them. */
  readonly overviewResampling?: OverviewResampling | undefined;
  /** The value that marks missing samples of the source, whatever the file says. */
  readonly sourceNodata?: number | undefined;
  /** Nodata value of the output. Default: the source's; null writes a mask band instead. */
  readonly nodata?: number | null | undefined;
  /** False writes no mask band where there is no nodata value; what is not covered is then 0. Default true. */
  readonly mask?: boolean | undefined;
  /** Greatest error of the approximate mapping, source px; 0 maps each pixel exactly. Default 0.125, as in GDAL. */
  readonly errorThreshold?: number | undefined;
  /** Worker threads. Default: one a core; 0 works in this thread. */
  readonly threads?: number | undefined;
  readonly onProgress?: ((progress: WarpProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a warp has come. */
export interface WarpProgress {
  /** 0 to 1. */
  readonly fraction: number;
  /** Estimated from the pace so far; null at the beginning. */
  readonly secondsLeft: number | null;
}

/** What a warp made. */
export interface WarpResult {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly dataType: DataType;
  readonly georeference: Georeference | null;
  readonly nodata: number | null;
  /** The part of the output that is valid, 0 to 1. */
  readonly validFraction: number;
  /** The greatest error of the approximate mapping where it was measured, source px. */
  readonly mappingError: number;
  readonly warnings: readonly string[];
}

/** Warps windows of a file. */
export interface WindowWarper extends AsyncDisposable {
  readonly warp: (window: PixelWindow) => Promise<WarpedWindow>;
  /** How many windows are worth asking for at once. */
  readonly parallel: number;
}

/** What a warp is made with where it runs: a file to write to, and what computes so many samples. */
export interface WarpMeans {
  open(writing: CogOptions): Promise<RasterWriter>;
  warper(layers: readonly PlannedLayer[], samples: number): WindowWarper;
}

/** A source, where it lies, and which of its bands are wanted. */
export interface WarpLayer extends Pick<WarpTarget, 'sensedToReference'> {
  readonly source: RasterFile;
  /** From 1. Default: all but alpha, which becomes the mask. */
  readonly bands?: readonly number[] | undefined;
}

/** Columns of a piece of work; its rows are those of a row of tiles. */
const pieceWidth = 1024;

/** Warped samples that may wait for their turn to be written. */
const aheadBytes = 96 * 1024 * 1024;

interface ChosenLayer extends WarpLayer {
  readonly bands: readonly number[];
}

/** Plans how a layer is warped onto its grid. */
async function planLayer(
  { source, bands }: ChosenLayer,
  grid: WarpGrid,
  resampling: WarpResampling,
  format: ReturnType<typeof outputFormat>,
  options: WarpOptions,
): Promise<PlannedLayer> {
  const { steps, width, height } = grid;
  const mapping = await buildMapping(steps);
  const georeferenced = steps.every((step) => step.kind !== 'inverse');
  const widen = measureWiden(mapping.map, width, height, source, georeferenced);
  const plan: WindowPlan = {
    resampling,
    bands,
    dataType: format.dataType,
    parts: format.complex === true,
    fill: format.nodata ?? 0,
    nodata: format.nodata,
    sourceNodata: options.sourceNodata ?? null,
    widen,
    likeGdal: georeferenced,
    level: chooseOverview(source, resampling, widen),
    tolerance: options.errorThreshold ?? 0.125,
  };
  return { source, steps, mapping, plan };
}

/** `nearest` where any layer has classes. */
function resamplingOf(layers: readonly ChosenLayer[], { resampling }: WarpOptions): WarpResampling {
  if (resampling !== undefined) return resampling;
  const usual = layers.map(({ source, bands }) => usualResampling(source, bands));
  return usual.includes('nearest') ? 'nearest' : 'bilinear';
}

/**
 * Warps the bands of layers onto one grid, wherever it is to be written; see `warp` and `warpStack`.
 * @throws {TiepointError} As `warpStack`.
 */
export async function warpInto(
  given: readonly WarpLayer[],
  means: WarpMeans,
  options: WarpOptions,
): Promise<WarpResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const layers = given.map((layer) => ({
    ...layer,
    bands: layer.bands ?? layer.source.bands.filter((b) => b.colorInterpretation !== 'alpha').map((b) => b.index),
  }));
  const { source } = layers[0]!;
  const wantsOther = [options.dstCrs, options.resolution, options.extent].some((wish) => wish !== undefined);
  const grids: WarpGrid[] = [];
  for (const { source: own, sensedToReference } of layers) {
    // A grid that is to hold the image is that of the first for all.
    const held = grids.length > 0 && wantsOther ? { grid: grids[0] } : {};
    grids.push(await planGrid(own, { ...options, ...held, sensedToReference }));
  }
  const grid = grids[0]!;
  const resampling = resamplingOf(layers, options);
  const format = outputFormat(layers, resampling, options);
  const planned: PlannedLayer[] = [];
  for (const [i, layer] of layers.entries()) {
    planned.push(await planLayer(layer, grids[i]!, resampling, format, options));
  }
  const bandCount = layers.reduce((sum, { bands }) => sum + bands.length, 0);
  const { width, height, georeference } = grid;
  const overviewResampling = overviewsFor(options, resampling);
  await using writer = await means.open({
    ...format,
    width,
    height,
    georeference,
    overviews: options.overviews,
    overviewResampling,
  });
  await using warper = means.warper(planned, width * height * bandCount);
  const stripHeight = options.tileSize ?? ((options.format ?? 'COG') === 'COG' ? 512 : 256);
  const totals = await warpStrips(
    warper.warp,
    writer,
    {
      width,
      height,
      stripHeight,
      bands: format.bandCount,
      masked: format.mask === true,
      sampleBytes: bytesPerSample(format.dataType),
    },
    {
      parallel: warper.parallel,
      signal,
      onProgress: options.onProgress,
    },
  );
  if (totals.valid === 0) {
    throw new TiepointError('no-overlap', `${source.name}: nothing of the image lies on the target grid`, {
      hint: 'Check the solution, the georeference and the extent.',
      value: { width, height },
    });
  }
  await writer.finish();
  return {
    width,
    height,
    bands: bandCount,
    dataType: format.complex === true ? source.bands[layers[0]!.bands[0]! - 1]!.dataType : format.dataType,
    georeference,
    nodata: format.nodata,
    validFraction: totals.valid / (width * height),
    mappingError: totals.error,
    warnings: [
      ...new Set(
        layers.flatMap((layer, i) => [
          ...layer.source.warnings,
          ...grids[i]!.warnings,
          ...classWarnings(layer.source, layer.bands, resampling),
          ...magnitudeWarnings(layer.source, layer.bands, format.complex === true),
        ]),
      ),
    ],
  };
}

/** Warps strip after strip; at most three are under way, fewer where they are large. */
async function warpStrips(
  run: (window: PixelWindow) => Promise<WarpedWindow>,
  writer: RasterWriter,
  shape: { width: number; height: number; stripHeight: number; bands: number; masked: boolean; sampleBytes: number },
  control: {
    parallel: number;
    signal: AbortSignal | undefined;
    onProgress: ((progress: WarpProgress) => void) | undefined;
  },
): Promise<{ valid: number; error: number }> {
  const { width, height, stripHeight, masked } = shape;
  const strips = Math.ceil(height / stripHeight);
  const started = performance.now();
  let valid = 0;
  let error = 0;
  const queue = limiter(control.parallel);
  const start = (strip: number): Promise<{ rows: number; pieces: { x: number; piece: WarpedWindow; w: number }[] }> => {
    const y = strip * stripHeight;
    const rows = Math.min(stripHeight, height - y);
    const columns = Array.from({ length: Math.ceil(width / pieceWidth) }, (_, i) => i * pieceWidth);
    const work = columns.map(async (x) => {
      const w = Math.min(pieceWidth, width - x);
      const piece = await queue(async () => {
        control.signal?.throwIfAborted();
        return run({ x, y, width: w, height: rows });
      });
      return { x, piece, w };
    });
    const all = Promise.all(work).then((pieces) => ({ rows, pieces }));
    // Awaited later; a failure before that is not unhandled.
    all.catch(() => {});
    return all;
  };
  const stripBytes = width * stripHeight * (shape.sampleBytes * shape.bands + 1);
  const most = Math.max(1, Math.min(3, Math.floor(aheadBytes / stripBytes)));
  const ahead: ReturnType<typeof start>[] = [];
  for (let strip = 0; strip < strips; strip++) {
    control.signal?.throwIfAborted();
    while (ahead.length < most && strip + ahead.length < strips) ahead.push(start(strip + ahead.length));
    const { rows, pieces } = await ahead.shift()!;
    const data: SampleArray[] = Array.from({ length: shape.bands }, (_, b) => {
      const first = pieces[0]!.piece.data[b]!;
      return new (first.constructor as new (length: number) => SampleArray)(width * rows);
    });
    const mask = new Uint8Array(masked ? width * rows : 0);
    for (const { x, piece, w } of pieces) {
      valid += piece.validCount;
      error = Math.max(error, piece.error);
      for (let row = 0; row < rows; row++) {
        const at = row * width + x;
        for (const [b, band] of data.entries()) band.set(piece.data[b]!.subarray(row * w, (row + 1) * w), at);
        if (masked) mask.set(piece.mask.subarray(row * w, (row + 1) * w), at);
      }
    }
    // Nodata stands in the samples already.
    await writer.write(masked ? { rows, data, mask } : { rows, data });
    const fraction = (strip + 1) / strips;
    const seconds = (performance.now() - started) / 1000;
    control.onProgress?.({ fraction, secondsLeft: (seconds / fraction) * (1 - fraction) });
  }
  return { valid, error };
}

/** Lets at most `limit` tasks run at once, in the order they come. */
function limiter(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

function outputFormat(
  layers: readonly ChosenLayer[],
  resampling: WarpResampling,
  options: WarpOptions,
): Omit<GeoTiffOptions, 'width' | 'height'> & { nodata: number | null; dataType: DataType } {
  const { source } = layers[0]!;
  const infos = layers.flatMap((layer) => layer.bands.map((band) => layer.source.bands[band - 1]!));
  const first = infos[0];
  if (!first) {
    throw new TiepointError('no-such-band', `${source.name}: no band to warp`, { hint: 'Name at least one band.' });
  }
  if (layers.length > 1) checkTypes(infos, source);
  const part = partType(first.dataType);
  const complex =
    part !== null &&
    layers.every((layer) => layer.source.hasParts) &&
    infos.every(({ dataType }) => dataType === first.dataType);
  if (complex && typeof options.nodata === 'number') {
    throw new TiepointError('invalid-option', `a nodata value of ${options.nodata} for complex samples`, {
      hint: 'A mask band says what is valid of them; leave the nodata value out.',
      value: options.nodata,
    });
  }
  const own = complex ? null : (options.sourceNodata ?? commonNodata(layers, infos));
  // A value that marks gaps would not survive losses: a mask does.
  const kept = options.compression !== undefined && isImageCompression(options.compression) ? null : own;
  const nodata = options.nodata === undefined ? kept : options.nodata;
  const rgb = infos.length >= 3 && infos[0]!.colorInterpretation === 'red' && infos[2]!.colorInterpretation === 'blue';
  const { compression, level, predictor, tileSize, bigTiff, metadata, overwrite, signal } = options;
  return {
    bandCount: complex ? 2 * infos.length : infos.length,
    complex,
    // Complex samples whose parts cannot be had are read as their magnitude.
    dataType: complex ? part : part === null ? first.dataType : 'float32',
    nodata,
    mask: nodata === null && options.mask !== false,
    rgb,
    ...keptDescription(source, infos, resampling, metadata),
    ...defined({ compression, level, predictor, tileSize, bigTiff, overwrite, signal }),
  };
}

/** The value that marks gaps in all layers; null where they have none in common, and a mask must. */
function commonNodata(layers: readonly ChosenLayer[], infos: readonly BandInfo[]): number | null {
  const value = infos[0]!.nodata;
  if (layers.some(({ source }) => source.maskKind !== 'nodata')) return null;
  return layers.length === 1 || infos.every(({ nodata }) => Object.is(nodata, value)) ? value : null;
}

/** @throws TiepointError `sensed-mismatch` */
function checkTypes(infos: readonly BandInfo[], source: RasterFile): void {
  const types = [...new Set(infos.map(({ dataType }) => dataType))];
  if (types.length === 1) return;
  throw new TiepointError('sensed-mismatch', `${source.name}: bands of ${types.join(' and ')} cannot be in one file`, {
    hint: 'Convert them to one type first, with gdal_translate -ot.',
    value: types,
  });
}

/** The properties that have a value. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function overviewsFor(options: WarpOptions, resampling: WarpResampling): OverviewResampling {
  if (options.overviewResampling) return options.overviewResampling;
  return resampling === 'nearest' || resampling === 'mode' ? resampling : 'average';
}
