export { buildReport, type BuildReportOptions } from './report/build-report.js';
