import { xmlElement, xmlElements } from '../georeference/xml-scan.js';
import { parseAttributes } from './geotiff/read/gdal-metadata.js';
import type { ColorTable } from './raster-file.js';

/** The `<ColorTable>` of a band in a VRT or `.aux.xml`; null where it has none. */
export function colorTableOf(body: string): ColorTable | null {
  const entries = [...xmlElements(xmlElement(body, 'ColorTable')?.body ?? '', 'Entry')];
  if (entries.length === 0) return null;
  return entries.map(({ attributes }) => {
    const own = parseAttributes(attributes);
    const part = (name: string, usual: number): number =>
      Math.min(255, Math.max(0, Number(own.get(name) ?? usual) || 0));
    return [part('c1', 0), part('c2', 0), part('c3', 0), part('c4', 255)] as const;
  });
}
