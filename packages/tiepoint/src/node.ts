export { buildReport, type BuildReportOptions } from './report/build-report.js';
export { type AccuracyMapOptions, writeAccuracyMap } from './result/write-accuracy-map.js';
