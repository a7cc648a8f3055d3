import { enviFormat } from './envi/envi-format.js';
import { jpegFormat, pngFormat, webpFormat } from './encoded/encoded-image.js';
import { geoTiffFormat } from './geotiff/read/geotiff-file.js';
import { jpeg2000Format } from './jpeg2000/jpeg2000-format.js';
import { landsatFormat } from './products/landsat.js';
import { sentinel1Format } from './products/sentinel1.js';
import { sentinel2Format } from './products/sentinel2.js';
import { hdf5Format, netcdfFormat } from './netcdf/netcdf-formats.js';
import type { RasterFormat } from './raster-format.js';
import { vrtFormat } from './vrt/vrt-format.js';
import { zarrFormat } from './zarr/zarr-format.js';

/** Every format that is read but for archives of them (see `openFormats`), in the order in which files are asked whether they are of it. */
export const rasterFormats: readonly RasterFormat[] = [
  geoTiffFormat,
  pngFormat,
  jpegFormat,
  webpFormat,
  jpeg2000Format,
  vrtFormat,
  enviFormat,
  sentinel2Format,
  sentinel1Format,
  landsatFormat,
  netcdfFormat,
  hdf5Format,
  zarrFormat,
];

/** A format that people try and that is not read, with what to do instead. */
interface UnreadFormat {
  readonly name: string;
  /** By the first bytes, as text of one character a byte. */
  readonly sniff: (head: string) => boolean;
  readonly hint: string;
}

const convert = 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in out.tif';

/** Formats that files are told apart from, so that the error says what they are. */
export const unreadFormats: readonly UnreadFormat[] = [
  { name: 'NITF', sniff: (head) => head.startsWith('NITF'), hint: convert },
  { name: 'ERDAS Imagine', sniff: (head) => head.startsWith('EHFA_HEADER_TAG'), hint: convert },
  {
    name: 'a file that gzip compressed',
    sniff: (head) => head.startsWith('\x1f\x8b'),
    hint: 'Unpack it first: gunzip, or tar -xzf of a .tar.gz; uncompressed .tar archives can be read.',
  },
  { name: 'PCIDSK', sniff: (head) => head.startsWith('PCIDSK'), hint: convert },
  { name: 'GRIB', sniff: (head) => head.startsWith('GRIB'), hint: convert },
  {
    name: 'HDF4',
    sniff: (head) => head.startsWith('\x0e\x03\x13\x01'),
    hint: 'Choose a subdataset and convert it with gdal_translate.',
  },
  {
    name: 'JPEG XL or HEIF',
    sniff: (head) => head.slice(4, 8) === 'JXL ' || /^ftyp(?:heic|heix|mif1|avif)/.test(head.slice(4, 12)),
    hint: convert,
  },
  {
    name: 'GIF or BMP',
    sniff: (head) => head.startsWith('GIF8') || head.startsWith('BM'),
    hint: 'Convert it to PNG first.',
  },
];
