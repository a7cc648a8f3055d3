/** The commands of this package, as the `tiepoint` command loads them. */
export { serveCommand } from './serve-command.js';
