import { TiepointError } from '@tiepoint/geometry';
import { bandNumber } from '../band-name.js';
import type { OpenContext } from '../beside.js';
import type { SampleArray } from '../data-type.js';
import { checkPixels, type PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import { type BandInfo, plainBand } from '../raster-file.js';
import { marksMissing } from '../validity.js';
import { type CfDataset, type CfVariable, numberOf, textOf } from './cf-dataset.js';
import { placeOfGrid } from './cf-place.js';
import { asUnsigned } from './unsigned.js';

/** A band: a plane of a variable. */
interface CfBand {
  readonly variable: CfVariable;
  /** Where the plane lies along the leading dimensions. */
  readonly at: readonly number[];
  readonly info: BandInfo;
}

/** Planes of leading dimensions, as times, beyond which a file is no image. */
const mostBands = 16_384;

/** Opens the variable that is meant, or else all that are on the grid of the first, as an image: a plane is a band. */
export async function openCf(stored: CfDataset, context: OpenContext): Promise<RasterContent> {
  const dataset: CfDataset = { ...stored, variables: stored.variables.map(asUnsigned) };
  const found = imagesOf(dataset);
  const [first] = found;
  if (first === undefined) {
    throw new TiepointError('unsupported-format', `${dataset.name}: no variable of it is an image`, {
      hint: 'An image has at least two dimensions of at least two.',
      value: dataset.variables.map(({ name }) => name).slice(0, 20),
    });
  }
  const named = context.band === undefined ? null : found[numberOfVariable(dataset, found, context.band) - 1]!;
  const chosen = named === null ? found.filter((one) => isAlike(one, first)) : [named];
  const lead = chosen[0]!;
  const [height, width] = lead.dimensions.slice(-2).map(({ size }) => size) as [number, number];
  const { georeference, warning } = await placeOfGrid(dataset, lead, context.signal);
  // Rows that run north, as most of these files have them.
  const turned = dataset.turnsRows && georeference !== null && georeference.geotransform[5] > 0;
  const bands = chosen.flatMap((variable) => planesOf(variable)).map((band, i) => numbered(band, i + 1));
  const others = found.filter((one) => !chosen.includes(one)).map(({ name }) => name);
  const warnings = [
    ...(warning === null ? [] : [warning]),
    ...(named === null && others.length > 0
      ? [`further variables are opened by their names (--band): ${others.join(', ')}`]
      : []),
  ];
  const missing = bands.some(({ info }) => marksMissing(info.nodata, info.dataType));
  const fragment = named === null ? '' : `#${named.name}`;
  return {
    format: dataset.format,
    pixels: cfPixels(`${dataset.name}${fragment}`, bands, { width, height, turned }),
    decodesWhole: false,
    location: dataset.location && `${dataset.location}${fragment}`,
    georeference: turned ? turnedOver(georeference, height) : georeference,
    maskKind: missing ? 'nodata' : 'none',
    metadata: { '': textsOf(dataset.attributes) },
    compression: dataset.compression,
    warnings,
    close: () => dataset.close(),
  };
}

/** The variables that are images: not coordinates, nor their bounds. */
function imagesOf({ variables }: CfDataset): CfVariable[] {
  const aside = new Set<string>();
  for (const { attributes, dimensions } of variables) {
    for (const { name } of dimensions) aside.add(name);
    for (const key of ['bounds', 'coordinates', 'grid_mapping', 'climatology']) {
      for (const word of textOf(attributes, key)?.split(/[\s:]+/) ?? []) aside.add(word);
    }
  }
  return variables.filter(
    ({ name, dimensions, dataType }) =>
      dataType !== null &&
      !aside.has(name) &&
      dimensions.length >= 2 &&
      dimensions.slice(-2).every(({ size }) => size > 1),
  );
}

function isAlike(a: CfVariable, b: CfVariable): boolean {
  const grid = ({ dimensions }: CfVariable): string =>
    dimensions
      .slice(-2)
      .map(({ name, size }) => `${name} ${size}`)
      .join();
  return grid(a) === grid(b) && a.dataType === b.dataType;
}

function numberOfVariable({ name }: CfDataset, found: readonly CfVariable[], wanted: string): number {
  // As GDAL names them, `/group/variable`.
  const bare = found.some((one) => one.name === wanted) ? wanted : wanted.replace(/^\//, '');
  return bandNumber({ name, bands: found.map((one, i) => ({ name: one.name, index: i + 1 })) }, bare);
}

/** The planes of a variable, in the order in which they are stored. */
function planesOf(variable: CfVariable): Omit<CfBand, 'info'>[] {
  const leading = variable.dimensions.slice(0, -2);
  const count = leading.reduce((product, { size }) => product * size, 1);
  if (count < 1 || count > mostBands) {
    throw new TiepointError('unsupported-format', `${variable.name}: an image of ${count} planes`, {
      hint: 'Cut the planes you need out of it first.',
      value: count,
    });
  }
  return Array.from({ length: count }, (_, plane) => {
    let rest = plane;
    const at = leading.toReversed().map(({ size }) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    });
    return { variable, at: at.toReversed() };
  });
}

function numbered({ variable, at }: Omit<CfBand, 'info'>, index: number): CfBand {
  const { name, dimensions, attributes } = variable;
  const place = at.map((i, k) => `${dimensions[k]!.name}=${i + 1}`).join(' ');
  const number = (key: string, usual: number): number => numberOf(attributes, key) ?? usual;
  const info: BandInfo = {
    ...plainBand,
    index,
    name: place === '' ? name : `${name} ${place}`,
    dataType: variable.dataType!,
    nodata: numberOf(attributes, '_FillValue') ?? numberOf(attributes, 'missing_value'),
    colorInterpretation: 'undefined',
    scale: number('scale_factor', 1),
    offset: number('add_offset', 0),
    unit: textOf(attributes, 'units'),
    metadata: attributes.has('flag_values') || attributes.has('flag_masks') ? { LAYER_TYPE: 'thematic' } : {},
  };
  return { variable, at, info };
}

function cfPixels(
  name: string,
  bands: readonly CfBand[],
  { width, height, turned }: { readonly width: number; readonly height: number; readonly turned: boolean },
): PixelSource {
  const blockHeight = Math.max(...bands.map(({ variable }) => variable.blockHeight));
  return {
    name,
    bands: bands.map(({ info }) => info),
    levels: [{ width, height, blockHeight }],
    read: async (_level, wanted, window, signal) => {
      checkPixels(name, window.width, window.height);
      const top = turned ? height - window.y - window.height : window.y;
      const data: SampleArray[] = [];
      for (const band of wanted) {
        signal?.throwIfAborted();
        const { variable, at } = bands[band]!;
        const planes = at.map(() => 1);
        const start = [...at, top, window.x];
        const read = await variable.read(start, [...planes, window.height, window.width], signal);
        data.push(turned ? rowsReversed(read, window.width) : read);
      }
      return { data, mask: null };
    },
  };
}

function rowsReversed(samples: SampleArray, width: number): SampleArray {
  const out = samples.slice();
  for (let from = 0, to = samples.length - width; to >= 0; from += width, to -= width) {
    out.set(samples.subarray(from, from + width), to);
  }
  return out;
}

function turnedOver(
  georeference: NonNullable<RasterContent['georeference']>,
  height: number,
): NonNullable<RasterContent['georeference']> {
  const [x, a, b, y, d, e] = georeference.geotransform;
  return { ...georeference, geotransform: [x, a, b, y + height * e, d, -e] };
}

function textsOf(attributes: CfVariable['attributes']): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of attributes) if (typeof value === 'string' && value.length < 4096) texts[name] = value;
  return texts;
}
