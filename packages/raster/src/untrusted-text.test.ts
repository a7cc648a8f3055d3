import { TiepointError } from '@tiepoint/geometry';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ControlPointFormat, parseControlPoints } from './control-points/control-points.js';
import { parseCrs } from './georeference/crs-transformer.js';
import { parseGdalMetadata } from './formats/geotiff/read/gdal-metadata.js';
import { crsFromGeoKeys, parseGeoKeys } from './georeference/geokeys.js';
import { xmlElement, xmlElements } from './georeference/xml-scan.js';

/** Text near to what the parsers expect. */
const words = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom(
        '-gcp',
        '#CRS: ',
        'mapX,mapY',
        'x,y,mapX,mapY\n',
        '<GCPList',
        '>',
        '</GCPList>',
        '<GCP X="',
        '"/>',
        '{"features":[',
        ']}',
        '\n',
      ),
      fc.constantFrom(
        'EPSG:',
        'PROJCS["',
        '",',
        'GEOGCS[',
        ']',
        '+proj=',
        'utm',
        ' +zone=',
        '+towgs84=',
        'UNIT["metre",1]',
        '{"type":"ProjectedCRS"',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

async function isTiepointError(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    return error instanceof TiepointError;
  }
}

describe('text from anywhere is read or refused with a code', () => {
  for (const format of ['gdal', 'qgis', 'csv', 'envi', 'geojson', 'vrt'] satisfies ControlPointFormat[]) {
    test(`control points, ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(words, (text) => isTiepointError(() => parseControlPoints(text, format))),
        { numRuns: 200 },
      );
    });
  }

  test('coordinate reference systems', async () => {
    await fc.assert(
      fc.asyncProperty(words, (text) => isTiepointError(() => parseCrs(text))),
      { numRuns: 400 },
    );
  });

  test('geokeys', async () => {
    const key = fc.oneof(
      fc.integer({ min: 0, max: 65535 }),
      fc.constantFrom(0, 1, 2, 3, 1024, 2048, 3072, 3075, 32767, 34736, 34737),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(key), fc.array(fc.double()), fc.string(), async (directory, doubles, ascii) => {
        await crsFromGeoKeys(parseGeoKeys(directory, doubles, ascii));
      }),
    );
  });
});

test('hostile XML takes time in proportion to its length', () => {
  const started = performance.now();
  for (const text of ['<Item', '<Item>', '<Item name="a" ', '<Item></Itemx>']) {
    expect(Object.keys(parseGdalMetadata(text.repeat(200_000)).domains).length).toBeLessThan(2);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

test('elements whose names begin alike are told apart', () => {
  const xml = '<GCPList A="1"><GCP X="1"/><GCP X="2"></GCP></GCPList>';
  expect(xmlElement(xml, 'GCP')).toEqual({ attributes: ' X="1"', body: '' });
  expect([...xmlElements(xml, 'GCP')].length).toBe(2);
  expect(xmlElement(xml, 'GCPList')!.attributes).toBe(' A="1"');
  expect(xmlElement(xml, 'None')).toBeNull();
});
