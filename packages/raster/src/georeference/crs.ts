/**
 * A coordinate reference system as plain data, enough to name it and to build a transformer from it.
 * Exactly one of `code` and `definition` is enough for the transformer; `code` is preferred where both stand.
 */
export interface Crs {
  /** For people: `WGS 84 / UTM zone 33N`, or the code where the file gives no name. */
  readonly name: string;
  /** `EPSG:32633`; null for user-defined systems. */
  readonly code: string | null;
  /** A PROJ string or WKT for systems without a code; null where the code is all there is. */
  readonly definition: string | null;
  readonly kind: 'geographic' | 'projected' | 'geocentric' | 'local';
  /** The GeoTIFF keys of a user-defined system, as [key, value] pairs, so that writing gives back what was read. */
  readonly keys?: readonly (readonly [number, number | string | readonly number[]])[];
}

/** The CRS of an EPSG code, named by the code itself. */
export function crsFromEpsg(epsg: number, kind: Crs['kind'], name?: string | null): Crs {
  return { name: name || `EPSG:${epsg}`, code: `EPSG:${epsg}`, definition: null, kind };
}

/** The EPSG code a WKT or PROJJSON gives for the whole system; null where it gives none. */
export function outerEpsg(text: string): string | null {
  if (text.startsWith('{')) {
    try {
      const id = (JSON.parse(text) as { id?: { authority?: string; code?: number } }).id;
      return id?.authority === 'EPSG' && id.code ? `EPSG:${id.code}` : null;
    } catch {
      return null;
    }
  }
  const last =
    /(?:AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]|\bID\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\])\s*\]\s*$/i.exec(text);
  const code = last?.[1] ?? last?.[2];
  return code ? `EPSG:${code}` : null;
}

/** The horizontal part of a compound system's WKT, without its heights; other texts as they are. */
export function horizontalPart(text: string): string {
  if (!/^\s*(COMPD_CS|COMPOUNDCRS|BOUNDCRS)\s*[[(]/i.test(text)) return text;
  const found = /\b(PROJCS|PROJCRS|PROJECTEDCRS|GEOGCS|GEOGCRS|GEODCRS|GEOGRAPHICCRS|GEODETICCRS)\s*[[(]/i.exec(text);
  if (!found) return text;
  let depth = 0;
  let quoted = false;
  for (let i = found.index + found[0].length - 1; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '[' || char === '(')) depth++;
    else if (!quoted && (char === ']' || char === ')') && --depth === 0) return text.slice(found.index, i + 1);
  }
  return text;
}
