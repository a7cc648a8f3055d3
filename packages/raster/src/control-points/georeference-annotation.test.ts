import { parseAnnotation as parseByAllmaps, validateAnnotation } from '@allmaps/annotation';
import { describe, expect, test } from 'vitest';
import { crsFromEpsg } from '../georeference/crs.js';
import { transformerBetween } from '../georeference/crs-transformer.js';
import type { ControlPointSet } from './control-point.js';
import { controlPointFormat, parseControlPoints } from './control-points.js';
import { formatAnnotation } from './georeference-annotation.js';

const set: ControlPointSet = {
  crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
  points: [
    { id: '1', x: 10.25, y: 20.5, mapX: 500_102.5, mapY: 4_999_795, covariance: [0.1, -0.02, 0.2], score: 0.9 },
    { id: '2', x: 90, y: 0, mapX: 500_900, mapY: 5_000_000 },
    { id: '3', x: 0, y: 75.125, mapX: 500_000, mapY: 4_999_248.75 },
    { id: '4', x: 80, y: 70, mapX: 500_800, mapY: 4_999_300, enabled: false },
  ],
};
const image = { id: 'https://example.org/maps/sheet%201.tif', width: 100, height: 80 };

describe('a Georeference Annotation', () => {
  test('is what Allmaps reads', async () => {
    const document: unknown = JSON.parse(await formatAnnotation(set, image));
    validateAnnotation(document);
    const [map] = parseByAllmaps(document);
    expect(map!.resource).toMatchObject({ ...image, type: 'Canvas' });
    expect(map!.resourceMask).toEqual([
      [0, 0],
      [100, 0],
      [100, 80],
      [0, 80],
    ]);
    expect(map!.gcps.map(({ resource }) => resource)).toEqual([
      [10.25, 20.5],
      [90, 0],
      [0, 75.125],
    ]);
    const places = Float64Array.from(map!.gcps.flatMap(({ geo }) => geo));
    (await transformerBetween(crsFromEpsg(4326, 'geographic'), set.crs!)).forward(places);
    const due = set.points.slice(0, 3).flatMap(({ mapX, mapY }) => [mapX, mapY]);
    for (const [i, value] of due.entries()) expect(places[i]).toBeCloseTo(value, 4);
  });

  test('is read back, also as a page and by the ending .json', async () => {
    const text = await formatAnnotation(set, image);
    const page = JSON.stringify({ type: 'AnnotationPage', items: [JSON.parse(text) as unknown] });
    for (const [written, format] of [
      [text, controlPointFormat('a.annotation.json')],
      [page, controlPointFormat('a.json')],
    ] as const) {
      const back = await parseControlPoints(written, format);
      expect(back.crs?.code).toBe('EPSG:4326');
      expect(back.points.map(({ x, y, covariance, score }) => [x, y, covariance, score])).toEqual(
        set.points.slice(0, 3).map(({ x, y, covariance, score }) => [x, y, covariance, score]),
      );
    }
  });

  test('of earlier versions is read', async () => {
    const old = {
      type: 'Annotation',
      target: { type: 'Image', source: 'https://example.org/iiif' },
      body: {
        type: 'FeatureCollection',
        features: [{ properties: { pixelCoords: [3, 4] }, geometry: { type: 'Point', coordinates: [15, 45] } }],
      },
    };
    const { points } = await parseControlPoints(JSON.stringify(old), 'annotation');
    expect(points).toEqual([{ id: '1', x: 3, y: 4, mapX: 15, mapY: 45 }]);
  });

  test('says what is wrong', async () => {
    const nothing = { type: 'AnnotationPage', items: [] };
    for (const text of ['{', JSON.stringify(nothing), '{"type":"Annotation"}', '{"body":{"features":[{}]}}']) {
      await expect(parseControlPoints(text, 'annotation')).rejects.toMatchObject({ code: 'invalid-control-points' });
    }
    await expect(formatAnnotation({ ...set, crs: null }, image)).rejects.toMatchObject({ code: 'no-georeference' });
  });
});
