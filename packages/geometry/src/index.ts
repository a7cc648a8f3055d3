export { TiepointError, type TiepointErrorDetails } from './error.js';
export type { Plane } from './plane.js';
