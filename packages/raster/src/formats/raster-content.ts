import { TiepointError } from '@tiepoint/geometry';
import type { Crs } from '../georeference/crs.js';
import type { Georeference } from '../georeference/georeference.js';
import { partType } from './data-type.js';
import { bandIndex, checkPixels, checkWindow, type PixelSource } from './pixel-source.js';
import type { RasterFile, RasterWindow, ReadWindowOptions } from './raster-file.js';
import { readPlane } from './read-plane.js';

/** What a format finds in a file; {@link rasterFileOf} makes the file of it. */
export interface RasterContent extends Pick<
  RasterFile,
  'format' | 'maskKind' | 'metadata' | 'decodesWhole' | 'location' | 'compression' | 'warnings'
> {
  readonly pixels: PixelSource;
  readonly georeference: Georeference | null;
  /** The system that a file without a place of its own names, for the place that stands beside it. */
  readonly crs?: Crs | null | undefined;
  readonly close: () => Promise<void>;
}

/** An open file over the content of any format. */
export function rasterFileOf(content: RasterContent): RasterFile {
  const { pixels, close, crs: _, ...rest } = content;
  const [full, ...overviews] = pixels.levels;
  return {
    ...rest,
    name: pixels.name,
    width: full!.width,
    height: full!.height,
    bands: pixels.bands,
    hasParts: pixels.readParts !== undefined && pixels.bands.every(({ dataType }) => partType(dataType) !== null),
    overviews: overviews.map(({ width, height }) => ({ width, height })),
    readPlane: (options) => readPlane(pixels, options),
    readWindow: (options) => readWindow(pixels, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readWindow(pixels: PixelSource, options: ReadWindowOptions = {}): Promise<RasterWindow> {
  const { name, bands, levels } = pixels;
  const level = levels[options.level ?? 0];
  if (!level) {
    throw new TiepointError('no-such-overview', `${name}: there is no overview ${options.level}`, {
      hint: `It has ${levels.length - 1}; level 0 is the full image.`,
      value: options.level,
    });
  }
  const { width, height } = level;
  const window = options.window ?? { x: 0, y: 0, width, height };
  checkWindow(name, window, width, height);
  checkPixels(name, window.width, window.height);
  const wanted = options.bands ?? bands.filter((b) => b.colorInterpretation !== 'alpha').map((b) => b.index);
  const indices = wanted.map((band) => bandIndex(pixels, band));
  const reading = options.complex === 'parts' ? pixels.readParts : pixels.read;
  if (reading === undefined) {
    throw new TiepointError('unsupported-type', `${name}: its samples cannot be read as complex parts`, {
      hint: 'Read their magnitude.',
      value: bands.map(({ dataType }) => dataType),
    });
  }
  const read = await reading(options.level ?? 0, indices, window, options.signal);
  const out = { width: window.width, height: window.height, data: read.data };
  return read.mask ? { ...out, mask: read.mask } : out;
}
