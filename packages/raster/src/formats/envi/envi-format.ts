import { TiepointError } from '@tiepoint/geometry';
import { type ByteSource, truncated } from '../../source/byte-source.js';
import { baseName, needBeside, type OpenContext, readSourceText, readTextBeside } from '../beside.js';
import { bytesPerSample } from '../data-type.js';
import type { RasterContent } from '../raster-content.js';
import { type BandInfo, type ColorTable, plainBand } from '../raster-file.js';
import { headText, type RasterFormat } from '../raster-format.js';
import { rawPixels } from '../raw/raw-pixels.js';
import { marksMissing } from '../validity.js';
import { type EnviHeader, listOf, parseEnviHeader } from './envi-header.js';
import { enviPlace } from './envi-place.js';

/** ENVI: samples in a file, what they are in a header beside it. Either of both may be named. */
export const enviFormat: RasterFormat = {
  name: 'ENVI',
  about: {
    title: 'ENVI',
    names: 'the samples (`scene.dat`, `scene.img`, `scene`) or the header (`scene.hdr`)',
    reads:
      'BSQ, BIL and BIP, either byte order, all data types (complex as magnitude); `map info` with rotation, `coordinate system string`, `projection info`, `geo points`, band names, wavelengths, classes with colours, `data ignore value`, gains and offsets',
    not: 'compressed files; geographic lookup tables (`.glt`), `rpc info`; State Plane systems without a `coordinate system string`, which is said',
  },
  sniff: (head) => /^ENVI\s*[\r\n]/.test(headText(head.subarray(0, 16))),
  knowsByNeighbour: async (source, context) => (await headerOf(source.name, context)) !== null,
  open: async (source, context) => {
    const head = headText(await source.read(0, 16, context.signal));
    return /^ENVI\s*[\r\n]/.test(head) ? openByHeader(source, context) : openByData(source, context);
  },
};

/** Endings of the samples' file where the header is named. */
const dataEndings = ['', '.dat', '.img', '.bin', '.raw', '.bsq', '.bil', '.bip', '.slc', '.DAT', '.IMG'];
const mostHeaderBytes = 4 * 1024 * 1024;

/** The header beside a file of samples; null where there is none. */
async function headerOf(path: string, context: OpenContext): Promise<string | null> {
  const name = baseName(path);
  const stem = name.replace(/\.[^.]*$/, '');
  for (const header of [`${stem}.hdr`, `${name}.hdr`, `${stem}.HDR`, `${name}.HDR`]) {
    if (header === name) continue;
    const text = await readTextBeside(context, header, mostHeaderBytes);
    if (text !== null && /^ENVI\s*[\r\n]/.test(text)) return text;
  }
  return null;
}

async function openByData(source: ByteSource, context: OpenContext): Promise<RasterContent> {
  const text = await headerOf(source.name, context);
  return contentOf(source, parseEnviHeader(text ?? '', source.name));
}

async function openByHeader(header: ByteSource, context: OpenContext): Promise<RasterContent> {
  const beside = needBeside(context, header.name, 'an ENVI header');
  const parsed = parseEnviHeader(await readSourceText(header, context.signal), header.name);
  const stem = baseName(header.name).replace(/\.hdr$/i, '');
  for (const ending of dataEndings) {
    const data = await beside.bytes(`${stem}${ending}`);
    if (data === null) continue;
    try {
      const content = await contentOf(data, parsed);
      await header.close();
      return content;
    } catch (error) {
      await data.close();
      throw error;
    }
  }
  throw new TiepointError('file-not-found', `${header.name}: the samples do not lie beside the header`, {
    hint: 'Name the file of the samples.',
    value: stem,
  });
}

async function contentOf(source: ByteSource, header: EnviHeader): Promise<RasterContent> {
  const { width, height, bandCount, dataType, interleave, offset, littleEndian, nodata } = header;
  const sample = bytesPerSample(dataType);
  // Before bands are described, of which a header may claim tens of thousands.
  const bytes = width * height * bandCount * sample;
  if (offset + bytes > source.size) throw truncated(source, offset, bytes);
  const steps = {
    bsq: { band: sample * width * height, row: sample * width, pixel: sample },
    bil: { band: sample * width, row: sample * width * bandCount, pixel: sample },
    bip: { band: sample, row: sample * width * bandCount, pixel: sample * bandCount },
  }[interleave];
  const pixels = rawPixels(
    source.name,
    { width, height },
    describeBands(header).map((info, i) => ({
      info,
      source,
      offset: offset + i * steps.band,
      pixelStep: steps.pixel,
      rowStep: steps.row,
      littleEndian,
    })),
  );
  const georeference = await enviPlace(header);
  const kind = listOf(header.fields.get('map info'))[0];
  const isNameless = georeference !== null && georeference.crs === null && !/^arbitrary/i.test(kind ?? '');
  return {
    format: 'ENVI',
    pixels,
    decodesWhole: false,
    location: source.location,
    georeference,
    maskKind: marksMissing(nodata, dataType) ? 'nodata' : 'none',
    metadata: {},
    compression: `none (${interleave})`,
    warnings: isNameless ? [`"map info" names a system that is not known here (${kind}): the place has none`] : [],
    close: () => source.close(),
  };
}

function describeBands({ fields, bandCount, dataType, nodata }: EnviHeader): BandInfo[] {
  const names = listOf(fields.get('band names'));
  const lengths = listOf(fields.get('wavelength'));
  const unit = fields.get('wavelength units');
  const [gains, offsets] = [listOf(fields.get('data gain values')), listOf(fields.get('data offset values'))];
  const colours = /^3$/.test(fields.get('default bands') ? String(listOf(fields.get('default bands')).length) : '')
    ? listOf(fields.get('default bands')).map(Number)
    : [];
  const table = classColours(fields);
  const number = (text: string | undefined, usual: number): number => {
    const value = Number(text || Number.NaN);
    return Number.isFinite(value) ? value : usual;
  };
  return Array.from({ length: bandCount }, (_, i): BandInfo => {
    const colour = (['red', 'green', 'blue'] as const)[colours.indexOf(i + 1)];
    return {
      ...plainBand,
      index: i + 1,
      name: names[i] || null,
      dataType,
      nodata,
      colorInterpretation: table && i === 0 ? 'palette' : (colour ?? (bandCount === 1 ? 'gray' : 'undefined')),
      scale: number(gains[i], 1),
      offset: number(offsets[i], 0),
      metadata: lengths[i] ? { wavelength: lengths[i], ...(unit ? { wavelength_units: unit } : {}) } : {},
      colorTable: table && i === 0 ? table : null,
    };
  });
}

function classColours(fields: ReadonlyMap<string, string>): ColorTable | null {
  const values = listOf(fields.get('class lookup')).map(Number);
  if (values.length < 3 || !values.every((value) => value >= 0 && value <= 255)) return null;
  return Array.from({ length: Math.floor(values.length / 3) }, (_, i) => {
    return [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!, 255] as const;
  });
}
