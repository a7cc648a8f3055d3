import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { openRaster, parseControlPoints, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, describe, expect, it } from 'vitest';
import type { TiePoint } from '../../result/tie-point.js';
import { formatPointFile, pointFormatOf } from './point-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-points-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tiePoints: TiePoint[] = [
  { sensed: [10.5, 20.25], reference: [3, 4], covariance: [0.2, 0.05, 0.3], score: 0.75, inlier: true, residual: 0.1 },
  { sensed: [1, 2], reference: [50, 6], covariance: [1, 0, 1], score: 0.25, inlier: false, residual: 40 },
];

describe('a point file', () => {
  it.each(['geojson', 'csv', 'points', 'gcp', 'vrt', 'txt'])(
    '.%s gives back sensed pixels and map places',
    async (ending) => {
      const path = join(folder, 'reference.tif');
      await writeGeoTiff(path, {
        width: 60,
        height: 40,
        bands: [new Uint8Array(2400)],
        dataType: 'uint8',
        overwrite: true,
        georeference: {
          crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
          geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
          origin: 'file',
        },
      });
      await using reference = await openRaster(path);
      const format = pointFormatOf(`points.${ending}`);
      const text = await formatPointFile(format, tiePoints, reference, reference);
      const { points } = await parseControlPoints(text, format);
      const enabled = points.filter((point) => point.enabled !== false);
      expect(enabled[0]!.x).toBeCloseTo(10.5, 6);
      expect(enabled[0]!.y).toBeCloseTo(20.25, 6);
      expect(enabled[0]!.mapX).toBeCloseTo(500_030, 6);
      expect(enabled[0]!.mapY).toBeCloseTo(4_599_960, 6);
      if (ending === 'geojson' || ending === 'csv') {
        expect(points).toHaveLength(2);
        expect(points[1]!.enabled).toBe(false);
        expect(points[0]!.covariance).toEqual([0.2, 0.05, 0.3]);
        expect(points[0]!.score).toBe(0.75);
      }
      if (ending === 'vrt') expect(isAbsolute(/<SourceFilename[^>]*>([^<]*)</.exec(text)![1]!)).toBe(true);
    },
  );

  it('has an ending that says how', () => {
    expect(() => pointFormatOf('points.xlsx')).toThrow(expect.objectContaining({ code: 'output-unsupported' }));
  });
});
