import { createRandom } from '@tiepoint/geometry';
import { createGeoTiff, lookUpEpsg } from '@tiepoint/raster';

/** Sentinel-2's band size. */
export const fullSide = 10_980;

/**
 * Writes a band like a Sentinel-2 one: uint16 reflectances with fields, texture and noise, in UTM zone 33, uncompressed
 * in tiles of 512.
 */
export async function writeScene(path: string, side: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  // Noise from a table: a normal draw a pixel would take longer than the bench.
  const noise = Float32Array.from({ length: 65_536 }, () => 40 * random.normal());
  await using writer = await createGeoTiff(path, {
    width: side,
    height: side,
    bandCount: 1,
    dataType: 'uint16',
    compression: 'none',
    tileSize: 512,
    overwrite: true,
    georeference: {
      crs: await lookUpEpsg(32633),
      geotransform: [600_000, 10, 0, 5_000_040, 0, -10],
      origin: 'file',
    },
  });
  for (let y0 = 0; y0 < side; y0 += 512) {
    const rows = Math.min(512, side - y0);
    const data = new Uint16Array(rows * side);
    for (let row = 0; row < rows; row++) {
      const y = y0 + row;
      const cos = Math.cos(y * 0.013);
      const shift = Math.floor(random.uniform() * 65_536);
      for (let x = 0; x < side; x++) {
        const field = 1500 + 800 * Math.sin(x * 0.011) * cos + 300 * Math.sin((x + y) * 0.11);
        data[row * side + x] = Math.max(1, field + noise[(x * 7 + shift) & 65_535]!);
      }
    }
    await writer.write({ rows, data: [data] });
  }
  await writer.finish();
}
