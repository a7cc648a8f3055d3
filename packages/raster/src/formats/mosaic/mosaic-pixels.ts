import { allocateSamples, type SampleArray } from '../data-type.js';
import { convertSamples } from '../geotiff/codecs/convert-samples.js';
import { checkPixels, type NativePixels, type PixelSource } from '../pixel-source.js';
import type { BandInfo, PixelWindow } from '../raster-file.js';
import { drawSource, type MosaicSource } from './draw-source.js';
import type { RasterPool } from './raster-pool.js';

/** A band made of parts of other rasters, later ones drawn over earlier ones. */
interface MosaicBand {
  readonly info: BandInfo;
  readonly sources: readonly MosaicSource[];
}

/** A raster made of others. */
export interface Mosaic {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly MosaicBand[];
  /** What says which pixels are valid: a band's values, not zero is valid. */
  readonly mask: MosaicBand | null;
  /** How often it may be halved: reduced pixels are means of the sources', through their overviews. */
  readonly halvings: number;
}

/** Sources hardly ever have fewer rows a block than this. */
const blockHeight = 256;

/** The pixels of a mosaic, whose files come from the pool. */
export function mosaicPixels(mosaic: Mosaic, pool: RasterPool): PixelSource {
  const { name, width, height, bands, mask, halvings } = mosaic;
  const levels = Array.from({ length: halvings + 1 }, (_, level) => ({
    width: Math.ceil(width / 2 ** level),
    height: Math.ceil(height / 2 ** level),
    blockHeight,
  }));
  const read = async (
    level: number,
    wanted: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    checkPixels(name, window.width, window.height);
    const view = { window, scaleX: width / levels[level]!.width, scaleY: height / levels[level]!.height };
    const draw = async (band: MosaicBand): Promise<SampleArray> => {
      const { dataType, nodata } = band.info;
      const exact = dataType === 'float64' || dataType.endsWith('64') || dataType.endsWith('32');
      const values = exact
        ? new Float64Array(window.width * window.height)
        : new Float32Array(window.width * window.height);
      if (nodata !== null) values.fill(nodata);
      for (const source of band.sources) {
        signal?.throwIfAborted();
        await drawSource(source, view, values, pool, signal);
      }
      return toType(values, band);
    };
    const data: SampleArray[] = [];
    for (const index of wanted) data.push(await draw(bands[index]!));
    if (mask === null) return { data, mask: null };
    const drawn = await draw(mask);
    return { data, mask: Uint8Array.from(drawn, (value) => (value === 0 ? 0 : 1)) };
  };
  return { name, bands: bands.map(({ info }) => info), levels, read };
}

function toType(values: Float32Array | Float64Array, { info }: MosaicBand): SampleArray {
  const converted = convertSamples(values, info.dataType, 0);
  const due = allocateSamples(info.dataType, 0);
  return converted.constructor === due.constructor
    ? converted
    : (due.constructor as Float32ArrayConstructor).from(converted);
}
