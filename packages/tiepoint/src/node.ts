export { buildReport, type BuildReportOptions } from './report/build-report.js';
export { type AccuracyMapOptions, writeAccuracyMap } from './accuracy-map/write-accuracy-map.js';
