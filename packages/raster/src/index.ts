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
export { createGeoTiff, type RasterWriter } from './geotiff-writer.js';
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
export { type GeoTiffImage, writeGeoTiff } from './write-geotiff.js';
export type { GeoTiffOptions, RowBlock } from './write-options.js';
export { type CogOptions, createCog } from './cog-writer.js';
export { type OverviewResampling, overviewResamplings } from './overview-reducer.js';
export type { WriteCompression } from './tile-encoder.js';
export { type CrsTransformer, parseCrs, transformerBetween } from './crs-transformer.js';
export { lookUpEpsg } from './epsg-table.js';
export { warp, type WarpOptions, type WarpProgress, type WarpResult } from './warp.js';
export { planGrid, type ReferenceGrid, type WarpGrid, type WarpTarget } from './warp-plan.js';
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
export { type GeoreferencedCopyOptions, writeGeoreferencedCopy } from './georeferenced-copy.js';
export { detectSarScale, type SarScale, type SarScaleFinding, sarToDecibel } from './sar-scale.js';
export { solvedGeoTransform, type WarpedVrtOptions, writeWarpedVrt } from './warped-vrt.js';
export { formatWorldFile, parseWorldFile } from './sidecar.js';
