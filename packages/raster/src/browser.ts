// What runs in browsers as well: reading, coordinate systems, control points. Writing to disk needs Node; a browser has a file system of its own.
export type { ByteSource } from './source/byte-source.js';
export { type Crs, crsFromEpsg } from './georeference/crs.js';
export { bytesPerSample, type DataType, isIntegerType, type SampleArray, typeRange } from './formats/data-type.js';
export { type BlockContext, type BlockDecoder, registerDecoder } from './formats/geotiff/read/decoder.js';
export type { Georeference, GroundControlPoint } from './georeference/georeference.js';
export {
  composeGeoTransform,
  invertGeoTransform,
  pixelToMap,
  windowGeoTransform,
} from './georeference/geotransform.js';
export { isUrl, publicUrl } from './source/public-url.js';
export { requestHeaders } from './source/http-headers.js';
export { type CoverOptions, coverByTiles } from './formats/tiles/cover-by-tiles.js';
export { isTileName } from './formats/tiles/tile-name.js';
export type { HttpSourceOptions } from './source/http-source.js';
export { openRaster, type OpenRasterOptions } from './formats/open-raster.js';
export type {
  BandInfo,
  ColorInterpretation,
  PixelWindow,
  RasterFile,
  RasterWindow,
  ReadPlaneOptions,
  ReadWindowOptions,
} from './formats/raster-file.js';
export { bandNumber } from './formats/band-name.js';
export { type Picture, pictureToDataUri } from './formats/encoded/encode-picture.js';
export { bandValidity } from './formats/validity.js';
export {
  type Approximation,
  type CrsTransformer,
  parseCrs,
  type TransformerOptions,
  transformerBetween,
} from './georeference/crs-transformer.js';
export { lookUpEpsg } from './georeference/epsg-table.js';
export { type WarpedWindow, type WarpResampling, warpResamplings } from './warp/warp-window.js';
export type { ReferenceGrid, WarpTarget } from './warp/warp-plan.js';
export type { RasterWriter } from './formats/geotiff/write/geotiff-writer.js';
export type { WarpLayer, WarpOptions, WarpProgress, WarpResult } from './warp/warp-into.js';
export { warpToFile } from './warp/warp-in-browser.js';
export { clearPrivateFiles } from './formats/geotiff/write/private-file.js';
export { openWarpView, type WarpView, type WarpViewOptions } from './warp/warp-view.js';
export {
  type ControlPointFormat,
  controlPointEndings,
  controlPointFormat,
  formatControlPoints,
  parseControlPoints,
} from './control-points/control-points.js';
export { type ControlPoint, type ControlPointSet } from './control-points/control-point.js';
export { formatControlPointVrt } from './control-points/vrt-control-points.js';
export { type AnnotatedImage, formatAnnotation } from './control-points/georeference-annotation.js';
export { detectSarScale, type SarScale, type SarScaleFinding, sarToDecibel } from './sar/sar-scale.js';
export { formatWorldFile, parseWorldFile } from './formats/sidecar.js';
export { middleLongitude, turnLongitudes } from './georeference/longitude.js';
export { projectByRpc, type Rpc, shiftRpc } from './georeference/rpc.js';
export type { GroundHeight } from './georeference/place-by-rpc.js';
export { formatRpb, formatRpcText } from './georeference/rpc-text.js';
export { placedOnGround, readGroundHeights } from './georeference/ground-height.js';
export { type Bend, bendOf } from './georeference/bend.js';
export { straightened } from './formats/straightened-file.js';
export { pixelMapping } from './georeference/pixel-mapping.js';
export { newtonMap, type PointMapping } from './warp/warp-mapping.js';
