import { transformPoint, type Geotransform } from '@tiepoint/geometry';
import { crsFromEpsg, pixelToMap, transformerBetween } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { georeferencedStart, type PlacedImage } from './start-geometry.js';

const zone33 = crsFromEpsg(32633, 'projected');
const degrees = crsFromEpsg(4326, 'geographic');

const image = (name: string, size: number, geotransform: Geotransform, crs = zone33): PlacedImage => ({
  name,
  width: size,
  height: size,
  georeference: { crs, geotransform, origin: 'file' },
});

/** A Sentinel-2 tile. */
const tile = image('tile', 10_980, [699_960, 10, 0, 4_700_040, 0, -10]);

describe('the start that georeferences imply', () => {
  it('fits the ground the images share, not the whole of a large reference', async () => {
    // A hundredth of the tile, in its lower right corner.
    const ground = Float64Array.of(795_000, 4_600_000);
    (await transformerBetween(zone33, degrees)).forward(ground);
    const sensed = image('sensed', 1000, [ground[0]!, 1e-4, 0, ground[1]!, 0, -1e-4], degrees);
    const { referenceToSensed: start, approximation } = (await georeferencedStart(tile, sensed))!;
    expect(approximation).toBeNull();
    const toZone33 = await transformerBetween(degrees, zone33);
    for (const [x, y] of [
      [0, 0],
      [500, 300],
      [900, 0],
      [0, 600],
    ] as const) {
      const place = Float64Array.from(pixelToMap(sensed.georeference!.geotransform, x, y));
      toZone33.forward(place);
      const [sx, sy] = transformPoint(start, (place[0]! - 699_960) / 10, (4_700_040 - place[1]!) / 10);
      expect(Math.hypot(sx - x, sy - y)).toBeLessThan(0.5);
    }
  });

  it('finds a small image that lies between the points tried', async () => {
    const small = image('small', 60, [703_000, 10, 0, 4_697_000, 0, -10]);
    expect(transformPoint((await georeferencedStart(tile, small))!.referenceToSensed, 304, 304)[0]).toBeCloseTo(0, 6);
    // At the reference's very edge, a tenth of it inside.
    const edge = image('edge', 60, [699_960 - 540, 10, 0, 4_697_000, 0, -10]);
    expect(transformPoint((await georeferencedStart(tile, edge))!.referenceToSensed, 0, 304)[0]).toBeCloseTo(54, 6);
  });

  it('is refused where the images lie apart', async () => {
    const apart = image('apart', 60, [699_960 - 700, 10, 0, 4_697_000, 0, -10]);
    await expect(georeferencedStart(tile, apart)).rejects.toMatchObject({ code: 'no-overlap' });
  });

  it('takes the best shift where a datum would need a grid file, and says so', async () => {
    const british = crsFromEpsg(27700, 'projected');
    const zone30 = crsFromEpsg(32630, 'projected');
    const reference = image('british', 500, [530_000, 1, 0, 180_500, 0, -1], british);
    const corner = Float64Array.of(530_000, 180_500);
    (await transformerBetween(british, zone30, { approximate: true })).forward(corner);
    const sensed = image('utm', 500, [corner[0]!, 1, 0, corner[1]!, 0, -1], zone30);
    const { referenceToSensed, approximation } = (await georeferencedStart(reference, sensed))!;
    expect(Math.hypot(...transformPoint(referenceToSensed, 0, 0))).toBeLessThan(0.5);
    expect(approximation).toMatchObject({ accuracy: 2, text: expect.stringContaining('EPSG:27700') });
  });

  it('finds longitudes of 0 to 360 among those of -180 to 180, and the other way round', async () => {
    const pacific = image('pacific', 100, [190, 0.01, 0, 20, 0, -0.01], degrees);
    const same = image('same', 100, [-170.1, 0.01, 0, 20, 0, -0.01], degrees);
    for (const [fixed, moving, x] of [
      [pacific, same, 10],
      [same, pacific, -10],
    ] as const) {
      const { referenceToSensed } = (await georeferencedStart(fixed, moving))!;
      expect(transformPoint(referenceToSensed, 0, 0)[0]).toBeCloseTo(x, 6);
    }
    const zone2 = image('zone 2', 100, [560_000, 1000, 0, 2_212_000, 0, -1000], crsFromEpsg(32602, 'projected'));
    const turned = (await georeferencedStart(zone2, pacific))!;
    const west = (await georeferencedStart(zone2, {
      ...pacific,
      georeference: { ...pacific.georeference!, geotransform: [-170, 0.01, 0, 20, 0, -0.01] },
    }))!;
    expect(turned.referenceToSensed.matrix[2]).toBeCloseTo(west.referenceToSensed.matrix[2], 4);
  });

  it('is nothing without georeferences', async () => {
    expect(await georeferencedStart(tile, { ...tile, georeference: null })).toBeNull();
  });
});
