import { fileURLToPath } from 'node:url';

/** The file npm links as `tiepoint`. */
export const cliPath: string = fileURLToPath(new URL('../../packages/tiepoint/bin/tiepoint.js', import.meta.url));
