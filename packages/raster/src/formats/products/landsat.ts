import { needBeside, readSourceText } from '../beside.js';
import { headText, isXmlOf, type RasterFormat } from '../raster-format.js';
import { openProduct, type Product, type ProductBand } from './product.js';

/** Landsat Collection 2 (and 1): a GeoTIFF a band, described by `*_MTL.txt`, `.xml` or `.json`. */
export const landsatFormat: RasterFormat = {
  name: 'LANDSAT',
  about: {
    title: 'Landsat Collection 2',
    names: 'the folder, its `.tar` or `.zip`, or `*_MTL.txt`, `*_MTL.xml`, `*_MTL.json`',
    reads:
      'level 1 and 2 of Landsat 4 to 9: bands by name (`--band B4`, `ST_B10`, `QA_PIXEL`); the panchromatic band (B8) and everything but the numbered bands by name alone. Scale and offset of reflectances and temperatures',
    not: '',
  },
  sniff: (head) =>
    isXmlOf(head, /LANDSAT_METADATA_FILE>/) ||
    /^\s*(GROUP\s*=\s*(LANDSAT|L1)_METADATA_FILE|\{\s*"LANDSAT_METADATA_FILE")/.test(headText(head)),
  entry: /_MTL\.(txt|xml|json)$/,
  open: async (source, context) => {
    const beside = needBeside(context, source.name, 'a Landsat product');
    const text = await readSourceText(source, context.signal);
    await source.close();
    return openProduct(describe(readGroups(text), source.name, source.location), beside, context);
  },
};

/** Groups of items in the order in which they stand. */
type Groups = readonly { readonly group: string; readonly items: ReadonlyMap<string, string> }[];

/** The groups of a description in any of its three spellings. */
function readGroups(text: string): Groups {
  const groups: { group: string; items: Map<string, string> }[] = [{ group: '', items: new Map() }];
  // One line an item in all of them; what opens a group has no value.
  const line =
    /^\s*(?:GROUP\s*=\s*(\w+)|(\w+)\s*=\s*"?([^"\n]*?)"?|<(\w+)>(?:([^<\n]*)<\/\w+>)?|"(\w+)"\s*:\s*(?:\{|"([^"\n]*)",?))\s*$/;
  for (const each of text.split(/\r?\n/)) {
    const found = line.exec(each);
    if (found === null) continue;
    const [, group, key, value, element, content, name, said] = found;
    const opened = group ?? (content === undefined ? element : undefined) ?? (said === undefined ? name : undefined);
    if (opened !== undefined) groups.push({ group: opened, items: new Map() });
    else groups.at(-1)!.items.set(key ?? element ?? name ?? '', value ?? content ?? said ?? '');
  }
  return groups;
}

/** Groups that say how samples become reflectances; those of level 2 come first. */
const scaling = [
  'LEVEL2_SURFACE_REFLECTANCE_PARAMETERS',
  'LEVEL1_RADIOMETRIC_RESCALING',
  'RADIOMETRIC_RESCALING',
] as const;

function describe(groups: Groups, name: string, location: string | null): Product {
  // Products of level 2 list the files of level 1 too, further down.
  const contents = groups.find(({ items }) => [...items.keys()].some((key) => key.startsWith('FILE_NAME_BAND_')));
  const item = (group: string, key: string): string | undefined =>
    groups.find(({ group: own }) => own === group)?.items.get(key);
  const rescaling = scaling.find((group) => groups.some(({ group: own }) => own === group));
  const craft = groups.map(({ items }) => items.get('SPACECRAFT_ID')).find((found) => found !== undefined) ?? '';
  const colours = /[4567]$/.test(craft) ? { 3: 'red', 2: 'green', 1: 'blue' } : { 4: 'red', 3: 'green', 2: 'blue' };
  const bands: ProductBand[] = [];
  for (const [key, file] of contents?.items ?? []) {
    const found = /^FILE_NAME_(?:BAND_|QUALITY_L[12]_)(\w+)$/.exec(key);
    if (found === null || !/\.tiff?$/i.test(file) || /[/\\]/.test(file)) continue;
    const band = found[1]!;
    const isNumber = /^\d/.test(band);
    const isQuality = key.includes('QUALITY');
    const thermal = item('LEVEL2_SURFACE_TEMPERATURE_PARAMETERS', `TEMPERATURE_MULT_BAND_${band}`) !== undefined;
    const [group, what] = thermal
      ? (['LEVEL2_SURFACE_TEMPERATURE_PARAMETERS', 'TEMPERATURE'] as const)
      : ([rescaling ?? '', 'REFLECTANCE'] as const);
    const number = (value: string | undefined, usual: number): number => {
      const read = Number(value ?? Number.NaN);
      return Number.isFinite(read) ? read : usual;
    };
    bands.push({
      name: isQuality ? `QA_${band}` : isNumber ? `B${band}` : band,
      file,
      band: 0,
      info: {
        colorInterpretation: (colours as Readonly<Record<string, 'red' | 'green' | 'blue'>>)[band] ?? 'undefined',
        ...(isQuality ? { metadata: { LAYER_TYPE: 'thematic' } } : { nodata: 0 }),
        ...(isQuality
          ? {}
          : {
              scale: number(item(group, `${what}_MULT_BAND_${band}`), 1),
              offset: number(item(group, `${what}_ADD_BAND_${band}`), 0),
            }),
      },
      // The panchromatic band has a finer grid than the others.
      usual: isNumber && band !== '8',
    });
  }
  const items = ['SPACECRAFT_ID', 'SENSOR_ID', 'DATE_ACQUIRED', 'LANDSAT_PRODUCT_ID', 'PROCESSING_LEVEL'];
  const metadata = Object.fromEntries(
    items.flatMap((key) => {
      const value = groups.map((group) => group.items.get(key)).find((said) => said !== undefined);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { format: 'LANDSAT', name, location, bands, metadata };
}
