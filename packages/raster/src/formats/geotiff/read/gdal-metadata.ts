import { type ColorInterpretation, colorInterpretationOf } from '../../raster-file.js';
import { xmlElements } from '../../../georeference/xml-scan.js';

/** What GDAL's metadata tag (42112) says. */
export interface GdalMetadata {
  /** Items of the dataset by domain; the default domain is the empty string. */
  readonly domains: Record<string, Record<string, string>>;
  /** By band index from 0. */
  readonly bands: Map<number, BandItems>;
}

/** What the tag says of one band. */
interface BandItems {
  description?: string;
  scale?: number;
  offset?: number;
  unit?: string;
  color?: ColorInterpretation;
  items: Record<string, string>;
}

/** Parses `<GDALMetadata><Item name="…" sample="0" role="…">…</Item></GDALMetadata>`; anything else is ignored. */
export function parseGdalMetadata(xml: string): GdalMetadata {
  const domains: Record<string, Record<string, string>> = {};
  const bands: GdalMetadata['bands'] = new Map();
  for (const item of xmlElements(xml, 'Item')) {
    const attributes = parseAttributes(item.attributes);
    // GDAL escapes values twice.
    const value = unescapeXml(unescapeXml(item.body));
    const name = attributes.get('name');
    if (!name) continue;
    const sample = attributes.get('sample');
    if (sample === undefined) {
      const domain = attributes.get('domain') ?? '';
      (domains[domain] ??= {})[name] = value;
      continue;
    }
    const index = Number(sample);
    const band = bands.get(index) ?? { items: {} };
    bands.set(index, band);
    const role = attributes.get('role');
    if (role === 'description') band.description = value;
    else if (role === 'scale') band.scale = Number(value);
    else if (role === 'offset') band.offset = Number(value);
    else if (role === 'unittype') band.unit = value;
    else if (role === 'colorinterp') band.color = colorInterpretationOf(value);
    else band.items[name] = value;
  }
  return { domains, bands };
}

/** The tag's text for domains and bands; null where there is nothing to say. */
export function formatGdalMetadata(metadata: GdalMetadata): string | null {
  const items: string[] = [];
  for (const [domain, entries] of Object.entries(metadata.domains)) {
    for (const [name, value] of Object.entries(entries)) {
      const where = domain === '' ? '' : ` domain="${escapeXml(domain)}"`;
      items.push(`  <Item name="${escapeXml(name)}"${where}>${escapeXml(escapeXml(value))}</Item>`);
    }
  }
  for (const [index, band] of metadata.bands) {
    const add = (name: string, role: string, value: string): void => {
      items.push(`  <Item name="${name}" sample="${index}" role="${role}">${escapeXml(escapeXml(value))}</Item>`);
    };
    if (band.description !== undefined) add('DESCRIPTION', 'description', band.description);
    if (band.offset !== undefined) add('OFFSET', 'offset', String(band.offset));
    if (band.scale !== undefined) add('SCALE', 'scale', String(band.scale));
    if (band.unit !== undefined) add('UNITTYPE', 'unittype', band.unit);
    for (const [name, value] of Object.entries(band.items)) {
      items.push(`  <Item name="${escapeXml(name)}" sample="${index}">${escapeXml(escapeXml(value))}</Item>`);
    }
  }
  return items.length === 0 ? null : `<GDALMetadata>\n${items.join('\n')}\n</GDALMetadata>\n`;
}

/** A nodata value as GDAL writes it; null where the text is none. */
export function parseNodata(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  if (/^\s*[+-]?(?:nan|1\.#(?:ind|qnan|snan))/i.test(text)) return Number.NaN;
  const infinite = /^\s*([+-]?)(?:inf|1\.#inf)/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // The number in front counts, as in GDAL, whatever follows it.
  const value = /^\s*0x/i.test(text) ? Number(text) : Number.parseFloat(text.replace(/^(\s*[+-]?\d*),(?=\d)/, '$1.'));
  return Number.isNaN(value) ? null : value;
}

/** An element's attributes, unescaped. */
export function parseAttributes(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const match of text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    out.set(match[1]!, unescapeXml(match[2] ?? match[3] ?? ''));
  }
  return out;
}

/** Replaces the characters XML reserves. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** Restores the characters XML reserves. */
export function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-fA-F]+|amp|lt|gt|quot|apos);/g, (whole, name: string) => {
    if (name.startsWith('#')) {
      const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
      return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] ?? whole;
  });
}
