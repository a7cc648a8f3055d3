import { TiepointError } from '@tiepoint/geometry';
import { xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { needBeside, readSourceText } from '../beside.js';
import { parseAttributes } from '../geotiff/read/gdal-metadata.js';
import { isXmlOf, type RasterFormat } from '../raster-format.js';
import { openProduct, type Product, type ProductBand } from './product.js';

/** Sentinel-2, level 1C and 2A: a JPEG 2000 file a band, described by `MTD_MSIL*.xml`. */
export const sentinel2Format: RasterFormat = {
  name: 'SENTINEL2',
  about: {
    title: 'Sentinel-2 SAFE',
    names: 'the folder, its `.zip`, or `MTD_MSIL2A.xml`, `MTD_MSIL1C.xml`',
    reads:
      'all bands by name (`--band B04`, `scene.SAFE#B11`): one band opens on its own grid at its finest resolution; without one all spectral bands open on the grid of 10 m, coarser ones by the nearest sample. AOT, WVP, SCL and TCI by name. Scale and offset of reflectances',
    not: 'products of before December 2016 (many granules)',
  },
  sniff: (head) => isXmlOf(head, /\w+:Level-(1C|2A)_User_Product\b/),
  entry: /(^|\/)MTD_MSIL(1C|2A)\.xml$/,
  open: async (source, context) => {
    const beside = needBeside(context, source.name, 'a Sentinel-2 product');
    const text = await readSourceText(source, context.signal);
    await source.close();
    return openProduct(describe(text, source.name, source.location), beside, context);
  },
};

/** Bands in the order in which metadata numbers them, with their resolution in metres. */
const spectral: readonly (readonly [string, number])[] = [
  ['B01', 60],
  ['B02', 10],
  ['B03', 10],
  ['B04', 10],
  ['B05', 20],
  ['B06', 20],
  ['B07', 20],
  ['B08', 10],
  ['B8A', 20],
  ['B09', 60],
  ['B10', 60],
  ['B11', 20],
  ['B12', 20],
];
const colours = { B04: 'red', B03: 'green', B02: 'blue' } as const;
/** The bands of a picture in true colours. */
const trueColour = ['red', 'green', 'blue'] as const;

function describe(text: string, name: string, location: string | null): Product {
  const files = new Map<string, { readonly path: string; readonly metres: number }>();
  for (const { body } of xmlElements(text, 'IMAGE_FILE')) {
    const path = body.trim();
    const found = /_([A-Z0-9]{3})(?:_(\d\d)m)?$/.exec(path);
    // A path that leaves the product is none of its own.
    if (found === null || path.split('/').includes('..')) continue;
    const band = found[1]!;
    const metres = Number(found[2] ?? spectral.find(([known]) => known === band)?.[1] ?? 10);
    const known = files.get(band);
    if (known === undefined || metres < known.metres) files.set(band, { path: `${path}.jp2`, metres });
  }
  if (files.size === 0 && xmlElement(text, 'IMAGE_ID') !== null) {
    throw new TiepointError('unsupported-format', `${name}: Sentinel-2 products of many granules are not read`, {
      hint: 'Name the JPEG 2000 file of a band.',
      value: name,
    });
  }
  const quantum = Number(
    (xmlElement(text, 'BOA_QUANTIFICATION_VALUE') ?? xmlElement(text, 'QUANTIFICATION_VALUE'))?.body ?? Number.NaN,
  );
  const offsets = new Map(
    [...xmlElements(text, 'BOA_ADD_OFFSET'), ...xmlElements(text, 'RADIO_ADD_OFFSET')].map(({ attributes, body }) => [
      spectral[Number(parseAttributes(attributes).get('band_id'))]?.[0],
      Number(body),
    ]),
  );
  const bands = [...files].flatMap(([band, { path, metres }]): ProductBand[] => {
    const metadata = { RESOLUTION: `${metres} m` };
    if (band === 'TCI') {
      return trueColour.map((colour, i) => ({
        name: `TCI_${colour}`,
        file: path,
        band: i,
        info: { colorInterpretation: colour, nodata: 0, metadata },
        usual: false,
      }));
    }
    const isSpectral = spectral.some(([known]) => known === band);
    const scaled = isSpectral && quantum > 0;
    const offset = offsets.get(band) ?? 0;
    return [
      {
        name: band,
        file: path,
        band: 0,
        info: {
          nodata: 0,
          colorInterpretation: colours[band as keyof typeof colours] ?? 'undefined',
          ...(scaled ? { scale: 1 / quantum, offset: Number.isFinite(offset) ? offset / quantum : 0 } : {}),
          // Classes keep their values when they are warped.
          metadata: band === 'SCL' ? { ...metadata, LAYER_TYPE: 'thematic' } : metadata,
        },
        usual: isSpectral,
      },
    ];
  });
  const rank = ({ name: band }: ProductBand): number => {
    const at = spectral.findIndex(([known]) => known === band);
    return at < 0 ? spectral.length : at;
  };
  const items = ['PRODUCT_URI', 'PROCESSING_LEVEL', 'PRODUCT_START_TIME', 'SPACECRAFT_NAME', 'PROCESSING_BASELINE'];
  return {
    format: 'SENTINEL2',
    name,
    location,
    bands: bands.toSorted((a, b) => rank(a) - rank(b)),
    metadata: itemsOf(text, items),
  };
}

function itemsOf(text: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = xmlElement(text, name);
      return found === null ? [] : [[name, found.body.trim()]];
    }),
  );
}
