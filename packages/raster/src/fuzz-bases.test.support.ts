import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { tarOf } from './formats/archives/tar.test.support.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Valid files that mutation starts from: the one that is opened, and those that lie beside it. */
export interface FuzzBase {
  readonly name: string;
  /** By their paths from where they lie together. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The file that is opened. */
  readonly opened: string;
  /** The file that is damaged. */
  readonly damaged: string;
}

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(fixtures + name));
const text = (...lines: string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);

function alone(name: string, bytes: Uint8Array): FuzzBase {
  return { name, files: { [name]: bytes }, opened: name, damaged: name };
}

/** The files of all formats: fixtures, encoded images, and descriptions whose neighbours are fixtures. */
export async function fuzzBases(): Promise<FuzzBase[]> {
  const found = readdirSync(fixtures).filter((name) => /\.(tif|jp2|nc)$/.test(name));
  const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 251);
  const image = (): Sharp => sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } });
  return [
    ...found.toSorted().map((name) => alone(name, fixture(name))),
    alone('png', new Uint8Array(await image().png().toBuffer())),
    alone('jpeg', new Uint8Array(await image().jpeg().toBuffer())),
    alone('webp', new Uint8Array(await image().webp().toBuffer())),
    vrt(),
    ...envi(),
    sentinel2(),
    ...sentinel1(),
    landsat(),
    ...rpcs(),
    tar(),
    zarr(),
  ];
}

function vrt(): FuzzBase {
  const rectangles =
    '<SrcRect xOff="0" yOff="0" xSize="61" ySize="47"/><DstRect xOff="3" yOff="2" xSize="61" ySize="47"/>';
  const description = text(
    '<VRTDataset rasterXSize="70" rasterYSize="50"><SRS>EPSG:32633</SRS><GeoTransform>500000,10,0,5000000,0,-10</GeoTransform>',
    '<VRTRasterBand dataType="Float32" band="1"><NoDataValue>-9999</NoDataValue><ComplexSource>',
    `<SourceFilename relativeToVRT="1">a.tif</SourceFilename><SourceBand>1</SourceBand>${rectangles}`,
    '<ScaleOffset>3</ScaleOffset><ScaleRatio>0.5</ScaleRatio><LUT>0:0,100:50,200:250</LUT><NODATA>7</NODATA></ComplexSource></VRTRasterBand>',
    '<VRTRasterBand dataType="UInt16" band="2"><ColorInterp>Gray</ColorInterp><SimpleSource>',
    `<SourceFilename relativeToVRT="1">b.jp2</SourceFilename><SourceBand>1</SourceBand>${rectangles}</SimpleSource></VRTRasterBand>`,
    '</VRTDataset>',
  );
  const files = { 'all.vrt': description, 'a.tif': fixture('strips-none-planar.tif'), 'b.jp2': fixture('tiles.jp2') };
  return { name: 'vrt', files, opened: 'all.vrt', damaged: 'all.vrt' };
}

function envi(): FuzzBase[] {
  const header = text(
    'ENVI',
    'description = { a scene,',
    '  of two bands }',
    'samples = 40',
    'lines = 30',
    'bands = 2',
    'header offset = 16',
    'data type = 4',
    'interleave = bil',
    'byte order = 1',
    'data ignore value = -9999',
    'map info = {UTM, 1.0, 1.0, 500000, 5000000, 10, 10, 33, North, WGS-84, rotation=12}',
    'band names = { red, near infrared }',
    'wavelength = { 0.66, 0.84 }',
    'data gain values = { 0.5, 2 }',
  );
  const files = { 'scene.hdr': header, 'scene.dat': new Uint8Array(16 + 40 * 30 * 2 * 4).fill(65) };
  return (['scene.hdr', 'scene.dat'] as const).map((opened) => ({
    name: `envi by ${opened}`,
    files,
    opened,
    damaged: 'scene.hdr',
  }));
}

function sentinel2(): FuzzBase {
  const names = ['R10m/T33_B02_10m', 'R10m/T33_B04_10m', 'R20m/T33_B11_20m', 'R20m/T33_SCL_20m', 'R10m/T33_TCI_10m'];
  const description = text(
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<n1:Level-2A_User_Product xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">',
    '<PRODUCT_URI>S2B_MSIL2A.SAFE</PRODUCT_URI><PROCESSING_BASELINE>05.09</PROCESSING_BASELINE>',
    '<Granule granuleIdentifier="S2B_OPER" imageFormat="JPEG2000">',
    ...names.map((name) => `<IMAGE_FILE>GRANULE/L2A/IMG_DATA/${name}</IMAGE_FILE>`),
    '</Granule><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>',
    '<BOA_ADD_OFFSET band_id="1">-1000</BOA_ADD_OFFSET><BOA_ADD_OFFSET band_id="3">-1000</BOA_ADD_OFFSET>',
    '</n1:Level-2A_User_Product>',
  );
  const bands = names.map((name) => [`GRANULE/L2A/IMG_DATA/${name}.jp2`, fixture('tiles.jp2')] as const);
  const opened = 'MTD_MSIL2A.xml';
  return {
    name: 'sentinel-2',
    files: { [opened]: description, ...Object.fromEntries(bands) },
    opened,
    damaged: opened,
  };
}

function sentinel1(): FuzzBase[] {
  const stem = 's1a-iw-grd-vv-20240101t000000-001';
  const manifest = text(
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<xfdu:XFDU xmlns:xfdu="urn:ccsds:schema:xfdu:1"><s1sarl1:productType>GRD</s1sarl1:productType><s1:pass>ASCENDING</s1:pass>',
    `<dataObject ID="v"><byteStream mimeType="application/octet-stream"><fileLocation locatorType="URL" href="./measurement/${stem}.tiff"/></byteStream></dataObject>`,
    `<dataObject ID="h"><byteStream><fileLocation href="./measurement/${stem.replace('-vv-', '-vh-')}.tiff"/></byteStream></dataObject>`,
    '</xfdu:XFDU>',
  );
  const points = [0, 20, 40, 60].flatMap((pixel) =>
    [0, 23, 46].map(
      (line) =>
        `<geolocationGridPoint><line>${line}</line><pixel>${pixel}</pixel><latitude>${45 - line * 1e-4}</latitude>` +
        `<longitude>${12 + pixel * 1.3e-4 + pixel * line * 1e-7}</longitude><height>${line}</height></geolocationGridPoint>`,
    ),
  );
  const annotation = text('<product><geolocationGrid>', ...points, '</geolocationGrid></product>');
  const tiff = fixture('tiles-zstd.tif');
  const files = {
    'manifest.safe': manifest,
    [`annotation/${stem}.xml`]: annotation,
    [`measurement/${stem}.tiff`]: tiff,
    [`measurement/${stem.replace('-vv-', '-vh-')}.tiff`]: tiff,
  };
  return ['manifest.safe', `annotation/${stem}.xml`].map((damaged) => ({
    name: `sentinel-1 by ${damaged.replace(/\/.*/, '')}`,
    files,
    opened: 'manifest.safe',
    damaged,
  }));
}

/** A store of two arrays on one grid, whose consolidated description is damaged. */
function zarr(): FuzzBase {
  const array = (shape: readonly number[], chunks: readonly number[], dtype: string): object => {
    return { zarr_format: 2, shape, chunks, dtype, compressor: null, fill_value: -9999, filters: null, order: 'C' };
  };
  const metadata = {
    '.zgroup': { zarr_format: 2 },
    'a/.zarray': array([12, 20], [8, 20], '<i2'),
    'a/.zattrs': {
      _ARRAY_DIMENSIONS: ['y', 'x'],
      scale_factor: 0.5,
      _CRS: { url: 'http://www.opengis.net/def/crs/EPSG/0/32633' },
    },
    'x/.zarray': array([20], [20], '<f8'),
    'x/.zattrs': { _ARRAY_DIMENSIONS: ['x'] },
    'y/.zarray': array([12], [12], '<f8'),
    'y/.zattrs': { _ARRAY_DIMENSIONS: ['y'] },
  };
  const bytes = (numbers: Float64Array): Uint8Array => new Uint8Array(numbers.buffer);
  const files = {
    '.zgroup': text(JSON.stringify({ zarr_format: 2 })),
    '.zmetadata': text(JSON.stringify({ zarr_consolidated_format: 1, metadata }, null, 1)),
    'a/0.0': new Uint8Array(8 * 20 * 2).fill(3),
    'a/1.0': new Uint8Array(8 * 20 * 2).fill(5),
    'x/0': bytes(Float64Array.from({ length: 20 }, (_, i) => 500_005 + 10 * i)),
    'y/0': bytes(Float64Array.from({ length: 12 }, (_, i) => 4_999_995 - 10 * i)),
  };
  return { name: 'zarr', files, opened: '.zgroup', damaged: '.zmetadata' };
}

/** A bundle of Landsat's, whose headers and description are damaged alike. */
function tar(): FuzzBase {
  return alone('landsat.tar', tarOf(landsat().files));
}

function landsat(): FuzzBase {
  const description = text(
    'GROUP = LANDSAT_METADATA_FILE',
    '  GROUP = PRODUCT_CONTENTS',
    '    LANDSAT_PRODUCT_ID = "LC09_L2SP"',
    '    FILE_NAME_BAND_2 = "L_B2.TIF"',
    '    FILE_NAME_BAND_4 = "L_B4.TIF"',
    '    FILE_NAME_BAND_ST_B10 = "L_ST_B10.TIF"',
    '    FILE_NAME_QUALITY_L1_PIXEL = "L_QA_PIXEL.TIF"',
    '  END_GROUP = PRODUCT_CONTENTS',
    '  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS',
    '    REFLECTANCE_MULT_BAND_2 = 2.75e-05',
    '    REFLECTANCE_ADD_BAND_2 = -0.2',
    '  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS',
    'END_GROUP = LANDSAT_METADATA_FILE',
    'END',
  );
  const tiff = fixture('tiles-zstd.tif');
  const names = ['L_B2.TIF', 'L_B4.TIF', 'L_ST_B10.TIF', 'L_QA_PIXEL.TIF'];
  const files = { 'L_MTL.txt': description, ...Object.fromEntries(names.map((name) => [name, tiff])) };
  return { name: 'landsat', files, opened: 'L_MTL.txt', damaged: 'L_MTL.txt' };
}

const coefficients = (...first: number[]): number[] => [
  ...first,
  ...Array.from({ length: 20 - first.length }, () => 0),
];

/** RPCs beside an image, in both spellings. */
function rpcs(): FuzzBase[] {
  const singles = [
    ['LINE_OFF', 'lineOffset', 23],
    ['SAMP_OFF', 'sampOffset', 30],
    ['LAT_OFF', 'latOffset', 45],
    ['LONG_OFF', 'longOffset', 12],
    ['HEIGHT_OFF', 'heightOffset', 300],
    ['LINE_SCALE', 'lineScale', 24],
    ['SAMP_SCALE', 'sampScale', 31],
    ['LAT_SCALE', 'latScale', 0.0022],
    ['LONG_SCALE', 'longScale', 0.0045],
    ['HEIGHT_SCALE', 'heightScale', 500],
  ] as const;
  const lists = [
    ['LINE_NUM_COEFF', 'lineNumCoef', coefficients(0.001, 0.08, -1.02, 0.11)],
    ['LINE_DEN_COEFF', 'lineDenCoef', coefficients(1, 0.001)],
    ['SAMP_NUM_COEFF', 'sampNumCoef', coefficients(-0.002, 1.01, 0.06, -0.14)],
    ['SAMP_DEN_COEFF', 'sampDenCoef', coefficients(1, 0.001)],
  ] as const;
  const plain = [
    ...singles.map(([key, , value]) => `${key}: ${value} pixels`),
    ...lists.flatMap(([key, , values]) => values.map((value, i) => `${key}_${i + 1}: ${value}`)),
  ];
  const grouped = [
    'satId = "X";',
    'BEGIN_GROUP = IMAGE',
    ...singles.map(([, key, value]) => `\t${key} = ${value};`),
    ...lists.map(([, key, values]) => `\t${key} = (\n${values.join(',\n')});`),
    'END_GROUP = IMAGE',
    'END;',
  ];
  return [alone('image_RPC.TXT', text(...plain)), alone('image.RPB', text(...grouped))];
}
