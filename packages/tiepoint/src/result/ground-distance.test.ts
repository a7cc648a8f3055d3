import type { Geotransform } from '@tiepoint/geometry';
import { type Crs, crsFromEpsg, type Georeference } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { metresPerPixel } from './ground-distance.js';

const georeference = (crs: Crs | null, geotransform: Geotransform): Georeference => ({
  crs,
  geotransform,
  origin: 'file',
});

describe('metres per pixel', () => {
  it('are those of the projection, but for its scale', async () => {
    // On the central meridian UTM shortens by 0.9996.
    const zone = georeference(crsFromEpsg(32633, 'projected'), [499_000, 10, 0, 4_601_000, 0, -10]);
    expect(await metresPerPixel(zone, 200, 200)).toBeCloseTo(10 / 0.9996, 3);
    // Web Mercator doubles lengths at about 60° north.
    const web = georeference(crsFromEpsg(3857, 'projected'), [0, 10, 0, 8_399_738 + 10, 0, -10]);
    expect(await metresPerPixel(web, 2, 2)).toBeCloseTo(5, 1);
  });

  it('are measured on the ellipsoid where pixels are degrees', async () => {
    const degrees = georeference(crsFromEpsg(4326, 'geographic'), [10, 0.001, 0, 0.001, 0, -0.001]);
    // At the equator a degree of longitude is 111.320 km and one of latitude 110.574 km.
    expect(await metresPerPixel(degrees, 2, 2)).toBeCloseTo(Math.sqrt(111.32 * 110.574), 2);
  });

  it('are feet in metres', async () => {
    const feet: Crs = {
      name: 'feet',
      code: null,
      kind: 'projected',
      definition: '+proj=utm +zone=33 +datum=WGS84 +units=us-ft +no_defs',
    };
    const g = georeference(feet, [499_000 / 0.3048006, 10, 0, 4_601_000 / 0.3048006, 0, -10]);
    expect(await metresPerPixel(g, 2, 2)).toBeCloseTo(3.049, 2);
  });

  it('are unknown without a system', async () => {
    expect(await metresPerPixel(null, 2, 2)).toBeNull();
    expect(await metresPerPixel(georeference(null, [0, 1, 0, 0, 0, -1]), 2, 2)).toBeNull();
    const unheard: Crs = { name: 'none', code: null, kind: 'projected', definition: null };
    expect(await metresPerPixel(georeference(unheard, [0, 1, 0, 0, 0, -1]), 2, 2)).toBeNull();
  });
});
