import { TiepointError } from '@tiepoint/geometry';

/** Refuses a path whose ending is not that of what is written. @throws TiepointError `output-unsupported` */
export function requireEnding(path: string, ending: RegExp, what: string, hint: string): void {
  if (ending.test(path)) return;
  throw new TiepointError('output-unsupported', `${path}: ${what}`, { hint, value: path });
}
