/** What is asked of a kind of files; a sentence says why something is not. */
export interface FileKind {
  /** As `oracle/file_kinds.py` names it. */
  readonly name: string;
  /** By how much samples may differ from GDAL's. */
  readonly samples?: number;
  /** Metres that corners may lie from where PROJ puts them; default 0.1. */
  readonly placed?: number;
  /** Px of the reference that corners may lie from the truth after registering; default 0.75. */
  readonly register?: number | `not asked: ${string}`;
  /** The least part of pixels on the reference's grid that are as GDAL warps them; default 0.995. */
  readonly warp?: number | `not asked: ${string}`;
}

const losses = 'not asked: decoders of JPEG round differently';

/** Every kind of files; each is read, registered and warped. */
export const fileKinds: readonly FileKind[] = [
  { name: 'system of a rotated datum (EPSG:28992)' },
  {
    name: 'datum that a grid file shifts (EPSG:27700)',
    placed: 10,
    warp: 'not asked: GDAL has no grid file either, and takes another shift',
  },
  { name: 'compound system' },
  { name: 'Mollweide' },
  { name: 'longitudes a turn away', warp: 'not asked: GDAL does not turn longitudes' },
  { name: 'rows that run north' },
  { name: 'turned by its geotransform' },
  { name: 'control points whose columns run west' },
  // GDAL fits splines there and back apart, so that nearest samples differ along the bend.
  { name: 'control points that bend', register: 1, warp: 0.85 },
  { name: 'single pixels that are not finite', warp: 'not asked: GDAL takes them for valid' },
  { name: 'JPEG of four bands', samples: 1, warp: losses },
  { name: 'nodata that the type cannot hold' },
  { name: 'nodata 1e20 through single precision' },
  { name: 'red, green, blue and near infrared' },
  { name: 'blue, green, red' },
  { name: 'palette', register: 'not asked: the colours of classes show no structure' },
  { name: 'complex radar', warp: 'not asked: its parts are compared in complex.test.ts' },
  { name: 'mask and overviews beside the file' },
  { name: 'nodata beside the file' },
  { name: "world file with ESRI's .prj" },
  { name: 'JPEG 2000 of 16 bits in odd tiles' },
  { name: 'JPEG 2000 with a palette', register: 'not asked: the colours of classes show no structure' },
  { name: "JPEG with GDAL's mask", samples: 2, warp: losses },
  { name: 'ENVI by its header' },
  { name: 'VRT of a VRT, scaled' },
  { name: 'NetCDF, classic' },
  { name: 'NetCDF-4' },
  { name: 'Zarr', warp: 'not asked: GDAL 3.6 warps nothing of its Zarr stores' },
  { name: 'RPCs', register: 1, warp: 0.97 },
  { name: 'Sentinel-2 SAFE in a zip, before offsets' },
  { name: 'Sentinel-1 GRD SAFE', register: 1, warp: 0.99 },
  { name: 'Landsat Collection 2, bundled' },
];

/** What is no kind of image to read, register and warp, and where it is tested. */
export const testedElsewhere: Readonly<Record<string, string>> = {
  'every EPSG code against PROJ': 'raster/src/georeference/epsg-answers.test.ts',
  'methods of WKT against PROJ': 'raster/src/georeference/wkt-projection.test.ts',
  'types, compressions and layouts of TIFF': 'raster/src/formats/read-matrix.test.ts',
  "QGIS's points": 'raster/src/control-points/qgis-points.test.ts',
  'solutions for products of another grid': 'tiepoint/src/cli/warp-command.test.ts',
  'colour tables and metadata through a warp': 'raster/src/warp/kept-description.test.ts',
  'secrets in URLs, object stores': 'raster/src/source/open-url.test.ts',
  'large references and mosaics': 'tiepoint/src/register-large.test.ts',
  'STAC assets': 'tiepoint/src/cli/named-sources.test.ts',
  'maps of tiles': 'raster/src/formats/tiles/tiles.test.ts',
  'RPCs refined, terrain': 'tiepoint/src/cli/rpc.test.ts',
  "GDAL's options": 'tiepoint/src/cli/gdal-aliases.test.ts',
  'complex samples through a warp': 'raster/src/warp/complex.test.ts',
  'JPEG and WebP output': 'raster/src/formats/geotiff/write/image-tiles.test.ts',
  'damaged files of every format': 'raster/src/fuzz.test.ts',
};
