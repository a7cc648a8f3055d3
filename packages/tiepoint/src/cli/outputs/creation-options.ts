import { TiepointError } from '@tiepoint/geometry';

/** How an output image is stored, by the names that the writers have. */
export interface CreationOptions {
  readonly compression?: 'deflate' | 'lzw' | 'zstd' | 'none' | undefined;
  readonly level?: number | undefined;
  readonly predictor?: boolean | undefined;
  readonly tileSize?: number | undefined;
  readonly bigTiff?: boolean | undefined;
}

const compressions = ['deflate', 'lzw', 'zstd', 'none'] as const;

function wrong(name: string, value: string, expected: string): TiepointError {
  return new TiepointError('invalid-option', `--co ${name}=${value}: expected ${expected}`, { value });
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw wrong(name, value, 'a whole number');
  return number;
}

/**
 * Reads GDAL's creation options: COMPRESS, LEVEL (or ZLEVEL, ZSTD_LEVEL), PREDICTOR, BLOCKSIZE and BIGTIFF.
 * @throws TiepointError `invalid-option` for any other name, and for values that do not fit.
 */
export function readCreationOptions(pairs: Readonly<Record<string, string>> = {}): CreationOptions {
  let options: CreationOptions = {};
  for (const [name, value] of Object.entries(pairs)) {
    switch (name) {
      case 'COMPRESS': {
        const compression = compressions.find((known) => known === value.toLowerCase());
        if (compression === undefined) throw wrong(name, value, compressions.join(', ').toUpperCase());
        options = { ...options, compression };
        break;
      }
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
      default:
        throw new TiepointError('invalid-option', `--co ${name}=${value}: the option is not known`, {
          hint: 'Known are COMPRESS, LEVEL, PREDICTOR, BLOCKSIZE and BIGTIFF.',
          value: name,
        });
    }
  }
  return options;
}
