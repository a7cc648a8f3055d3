export { buildReport, type BuildReportOptions, type ReportedResult } from './report/build-report.js';
export { type AccuracyMapOptions, writeAccuracyMap } from './result/write-accuracy-map.js';
export type { PlacedImage } from './inputs/start-geometry.js';
export { buildThumbnails, placedByFiles, type Thumbnails } from './report/thumbnails.js';
export { metresPerPixel } from './result/ground-distance.js';
