// What runs in browsers as well: reading, coordinate systems, control points. Writing and warping need Node.
export type { ByteSource } from './byte-source.js';
export { type Crs, crsFromEpsg } from './crs.js';
export { bytesPerSample, type DataType, isIntegerType, type SampleArray, typeRange } from './data-type.js';
export { type BlockContext, type BlockDecoder, registerDecoder } from './decoder.js';
export type { Georeference, GroundControlPoint } from './georeference.js';
export {
  composeGeoTransform,
  type GeoTransform,
  invertGeoTransform,
  pixelToMap,
  windowGeoTransform,
} from './geotransform.js';
export type { HttpSourceOptions } from './http-source.js';
export { openRaster, type OpenRasterOptions } from './open-raster.js';
export type {
  BandInfo,
  ColorInterpretation,
  PixelWindow,
  RasterFile,
  RasterWindow,
  ReadPlaneOptions,
  ReadWindowOptions,
} from './raster-file.js';
export { bandValidity } from './validity.js';
export { type CrsTransformer, parseCrs, transformerBetween } from './crs-transformer.js';
export { lookUpEpsg } from './epsg-table.js';
export { type WarpResampling, warpResamplings } from './warp-window.js';
export {
  type ControlPoint,
  type ControlPointFormat,
  controlPointFormat,
  type ControlPointSet,
  formatControlPoints,
  parseControlPoints,
} from './control-points.js';
export { formatControlPointVrt } from './vrt-control-points.js';
export { detectSarScale, type SarScale, type SarScaleFinding, sarToDecibel } from './sar-scale.js';
export { formatWorldFile, parseWorldFile } from './sidecar.js';
export { pixelMapping } from './pixel-mapping.js';
export type { PointMapping } from './warp-mapping.js';
