import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';
import type { Beside } from '../beside.js';
import { bytesPerSample } from '../data-type.js';
import type { RawBand } from '../raw/raw-pixels.js';
import { describeVrtBand, type VrtBand } from './vrt-band.js';

/** Opens the files of raw bands. @throws {TiepointError} `file-not-found`, `unsupported-format`. */
export async function openRawBands(
  bands: readonly VrtBand[],
  width: number,
  beside: Beside,
  name: string,
): Promise<{ readonly bands: readonly RawBand[]; readonly close: () => Promise<void> }> {
  const opened = new Map<string, ByteSource>();
  const close = async (): Promise<void> => {
    for (const source of opened.values()) await source.close();
  };
  try {
    const out: RawBand[] = [];
    for (const [i, band] of bands.entries()) {
      if (band.raw === null) {
        throw new TiepointError('unsupported-format', `${name}: raw bands beside others are not read`, {
          hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.vrt out.tif',
          value: i + 1,
        });
      }
      const { file, offset, pixelStep, rowStep, littleEndian } = band.raw;
      const source = opened.get(file) ?? (await beside.bytes(file));
      if (source === null) {
        throw new TiepointError('file-not-found', `${file}: no such file, which ${name} names`, {
          hint: 'Put it where the VRT looks for it.',
          value: file,
        });
      }
      opened.set(file, source);
      const step = pixelStep ?? bytesPerSample(band.dataType);
      out.push({
        info: describeVrtBand(band, i),
        source,
        offset,
        pixelStep: step,
        rowStep: rowStep ?? step * width,
        littleEndian,
      });
    }
    return { bands: out, close };
  } catch (error) {
    await close();
    throw error;
  }
}
