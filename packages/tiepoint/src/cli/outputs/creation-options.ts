import { TiepointError } from '@tiepoint/geometry';
import type { OverviewResampling } from '@tiepoint/raster';

/** How an output image is stored, by the names that the writers have. */
export interface CreationOptions {
  readonly compression?: 'deflate' | 'lzw' | 'zstd' | 'jpeg' | 'webp' | 'none' | undefined;
  readonly level?: number | undefined;
  readonly predictor?: boolean | undefined;
  readonly tileSize?: number | undefined;
  readonly bigTiff?: boolean | undefined;
  readonly overviews?: boolean | undefined;
  readonly overviewResampling?: OverviewResampling | undefined;
  readonly threads?: number | undefined;
}

/** Options of GDAL's GTiff and COG drivers that have no meaning here. */
const meaningless =
  /^(TILED|BLOCKXSIZE|BLOCKYSIZE|INTERLEAVE|PHOTOMETRIC|ALPHA|ADD_ALPHA|PROFILE|SPARSE_OK|COPY_SRC_OVERVIEWS|GEOTIFF_VERSION|STATISTICS|TARGET_SRS|TILING_SCHEME|RESAMPLING|WARP_RESAMPLING|OVERVIEW_COUNT|OVERVIEW_COMPRESS|OVERVIEW_PREDICTOR|DISCARD_LSB|NBITS|TFW|OVERVIEW_QUALITY)$/;

/** Names of overview resampling, GDAL's; a test compares them with the raster package's. */
export const overviewResamplingNames: readonly OverviewResampling[] = [
  'nearest',
  'average',
  'bilinear',
  'cubic',
  'cubicspline',
  'lanczos',
  'mode',
];

const compressions = ['deflate', 'lzw', 'zstd', 'jpeg', 'webp', 'none'] as const;

function wrong(name: string, value: string, expected: string): TiepointError {
  return new TiepointError('invalid-option', `--co ${name}=${value}: expected ${expected}`, { value });
}

function noLerc(value: string): TiepointError {
  return new TiepointError('invalid-option', `--co COMPRESS=${value}: LERC can be read, not written`, {
    hint: 'Use ZSTD or DEFLATE with a predictor, or gdal_translate -co COMPRESS=LERC afterwards.',
    value,
  });
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw wrong(name, value, 'a whole number');
  return number;
}

/**
 * Reads GDAL's creation options: COMPRESS, LEVEL (or ZLEVEL, ZSTD_LEVEL), QUALITY (or JPEG_QUALITY, WEBP_LEVEL), PREDICTOR, BLOCKSIZE,
 * BIGTIFF, OVERVIEWS, OVERVIEW_RESAMPLING and NUM_THREADS.
 * @throws TiepointError `invalid-option` for any other name, and for values that do not fit.
 */
export function readCreationOptions(
  pairs: Readonly<Record<string, string>> = {},
): CreationOptions & { readonly passedOver: readonly string[] } {
  let options: CreationOptions = {};
  let quality: number | null = null;
  const passedOver: string[] = [];
  for (const [name, value] of Object.entries(pairs)) {
    switch (name) {
      case 'COMPRESS': {
        const compression = compressions.find((known) => known === value.toLowerCase());
        if (/^lerc/i.test(value)) throw noLerc(value);
        if (compression === undefined) throw wrong(name, value, compressions.join(', ').toUpperCase());
        options = { ...options, compression };
        break;
      }
      case 'QUALITY':
      case 'JPEG_QUALITY':
      case 'WEBP_LEVEL':
        quality = wholeNumber(name, value);
        break;
      case 'LEVEL':
      case 'ZLEVEL':
      case 'ZSTD_LEVEL':
        options = { ...options, level: wholeNumber(name, value) };
        break;
      case 'PREDICTOR':
        if (!/^(1|2|3|yes|no|standard)$/i.test(value)) throw wrong(name, value, 'YES or NO');
        options = { ...options, predictor: !/^(1|no)$/i.test(value) };
        break;
      case 'BLOCKSIZE':
        options = { ...options, tileSize: wholeNumber(name, value) };
        break;
      case 'BIGTIFF':
        if (!/^(yes|no|if_safer|if_needed)$/i.test(value)) throw wrong(name, value, 'YES, NO or IF_NEEDED');
        if (/^(yes|no)$/i.test(value)) options = { ...options, bigTiff: /^yes$/i.test(value) };
        break;
      case 'OVERVIEWS':
        if (!/^(auto|none|ignore_existing)$/i.test(value)) throw wrong(name, value, 'AUTO or NONE');
        options = { ...options, overviews: !/^none$/i.test(value) };
        break;
      case 'OVERVIEW_RESAMPLING': {
        const wanted = value.toLowerCase() === 'near' ? 'nearest' : value.toLowerCase();
        const overviewResampling = overviewResamplingNames.find((known) => known === wanted);
        if (overviewResampling === undefined) {
          throw wrong(name, value, overviewResamplingNames.join(', ').toUpperCase());
        }
        options = { ...options, overviewResampling };
        break;
      }
      case 'NUM_THREADS':
        options = { ...options, threads: threadsOf(name, value) };
        break;
      default:
        if (meaningless.test(name)) {
          passedOver.push(name);
          break;
        }
        throw new TiepointError('invalid-option', `--co ${name}=${value}: the option is not known`, {
          hint: 'Known are COMPRESS, LEVEL, QUALITY, PREDICTOR, BLOCKSIZE, BIGTIFF, OVERVIEWS, OVERVIEW_RESAMPLING and NUM_THREADS.',
          value: name,
        });
    }
  }
  // As in GDAL, a quality says nothing to compressions without losses.
  const lossy = options.compression === 'jpeg' || options.compression === 'webp';
  if (quality !== null && lossy) options = { ...options, level: quality };
  else if (quality !== null) passedOver.push('QUALITY');
  return { ...options, passedOver };
}

/** A number of threads; undefined for GDAL's ALL_CPUS, which is the default here. */
export function threadsOf(name: string, value: string): number | undefined {
  return /^all_cpus$/i.test(value) ? undefined : wholeNumber(name, value);
}
