import { expect, test } from 'vitest';
import { openRaster } from '../../open-raster.js';
import { encodeDirectory, encodeHeader, longs, shorts, type TiffField } from '../tiff-fields.js';
import { Tag } from '../tiff-tags.js';

/** A TIFF of one strip around given bytes. */
function tiffOf(width: number, height: number, strip: Uint8Array, fields: TiffField[]): Uint8Array {
  const directory = encodeDirectory(
    [
      shorts(Tag.imageWidth, width),
      shorts(Tag.imageLength, height),
      shorts(Tag.samplesPerPixel, 1),
      shorts(Tag.rowsPerStrip, height),
      longs(Tag.stripOffsets, 8),
      longs(Tag.stripByteCounts, strip.length),
      ...fields,
    ],
    false,
    8 + strip.length + (strip.length & 1),
    0,
  );
  const out = new Uint8Array(8 + strip.length + (strip.length & 1) + directory.length);
  out.set(encodeHeader(false, 8 + strip.length + (strip.length & 1)));
  out.set(strip, 8);
  out.set(directory, 8 + strip.length + (strip.length & 1));
  return out;
}

test('floats of 24 bits', async () => {
  // 1 sign, 7 exponent bits with a bias of 63, 16 fraction bits.
  const values = [1, -2.5, 0, 0.15625, 1000];
  const bits = [0x3f0000, 0xc04000, 0, 0x3c4000, 0x48f400];
  const strip = Uint8Array.from(bits.flatMap((b) => [b & 255, (b >> 8) & 255, b >> 16]));
  await using file = await openRaster(
    tiffOf(5, 1, strip, [shorts(Tag.bitsPerSample, 24), shorts(Tag.sampleFormat, 3)]),
  );
  expect(Array.from((await file.readWindow()).data[0]!)).toEqual(values);
});

test('bits in reverse order (FillOrder 2)', async () => {
  const strip = Uint8Array.of(0b00000001, 0b11110000);
  await using file = await openRaster(tiffOf(8, 2, strip, [shorts(Tag.bitsPerSample, 1), shorts(Tag.fillOrder, 2)]));
  expect(Array.from((await file.readWindow()).data[0]!)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
});

test('LZW as written before 1988: least significant bit first', async () => {
  const codes = [256, 7, 258, 259, 8, 257];
  const bits: number[] = [];
  for (const code of codes) for (let n = 0; n < 9; n++) bits.push((code >> n) & 1);
  const strip = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) strip[i >> 3]! |= bit << (i & 7);
  // 7, then 7 7 (being defined), then 7 7 7 (being defined), then 8.
  await using file = await openRaster(tiffOf(7, 1, strip, [shorts(Tag.bitsPerSample, 8), shorts(Tag.compression, 5)]));
  expect(Array.from((await file.readWindow()).data[0]!)).toEqual([7, 7, 7, 7, 7, 7, 8]);
});

test('thousands of samples that nobody described are refused', async () => {
  const bytes = tiffOf(1, 1, new Uint8Array(4), [shorts(Tag.bitsPerSample, 8)]);
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(4, true);
  for (let i = 0; i < view.getUint16(directory, true); i++) {
    const at = directory + 2 + 12 * i;
    if (view.getUint16(at, true) === Tag.samplesPerPixel) view.setUint16(at + 8, 65535, true);
  }
  await expect(openRaster(bytes)).rejects.toMatchObject({ code: 'file-corrupt' });
});

test('what is known but not read says what to do', async () => {
  const of = async (text: string): Promise<string> => {
    const bytes = new Uint8Array(64);
    for (const [i, char] of [...text].entries()) bytes[i] = char.codePointAt(0)!;
    return openRaster(bytes).then(
      () => 'read',
      (error: { code: string; message: string; hint: string }) => `${error.code}: ${error.message} ${error.hint}`,
    );
  };
  expect(await of('\0\0\0\fjP  \r\n')).toMatch(/file-corrupt: .*without a codestream/);
  expect(await of('\x0e\x03\x13\x01')).toMatch(/HDF4.*subdataset/);
  expect(await of('GRIB')).toMatch(/GRIB.*gdal_translate/);
  expect(await of('<VRTDataset subClass="VRTWarpedDataset"></VRTDataset>')).toMatch(/VRT.*gdal_translate/);
  expect(await of('PK\x03\x04')).toMatch(/file-corrupt: .*the archive is damaged/);
});
