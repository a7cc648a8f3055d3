export { TiepointError, type TiepointErrorDetails } from './error.js';
