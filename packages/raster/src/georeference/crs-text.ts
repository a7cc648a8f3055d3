import { type Crs, crsFromEpsg } from './crs.js';

/** The CRS of a text `EPSG:code`; null for anything else. Its kind is settled when it is looked up. */
export function crsFromCode(text: string): Crs | null {
  const code = /^\s*EPSG:(\d+)\s*$/i.exec(text)?.[1];
  if (!code) return null;
  // Geographic systems stand at 4000 to 4999 but for a few; the name is all that hangs on it here.
  return crsFromEpsg(Number(code), code.length === 4 && code.startsWith('4') ? 'geographic' : 'projected');
}
