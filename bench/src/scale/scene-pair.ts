import { createRandom, type Random } from '@tiepoint/geometry';
import { createGeoTiff, lookUpEpsg } from '@tiepoint/raster';

/** How far a sensed pixel lies from where it belongs, px along x and y. */
export const sceneShift = [7, -5] as const;

/** Side of the texture that the scenes repeat, px: far beyond what is searched. */
const period = 2048;
/** Sizes of the texture's grains, px, and their weights. */
const grains = [
  [128, 3],
  [48, 2],
  [16, 1.2],
  [6, 0.8],
] as const;

/** Smooth noise of several grains, periodic, 0 to about 1. */
function texture(random: Random): Float32Array {
  const out = new Float32Array(period * period);
  const total = grains.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [grain, weight] of grains) {
    const cells = Math.round(period / grain);
    const values = Float32Array.from({ length: cells * cells }, () => random.uniform());
    const at = (x: number, y: number): number => values[(y % cells) * cells + (x % cells)]!;
    const smooth = (t: number): number => t * t * (3 - 2 * t);
    for (let y = 0; y < period; y++) {
      const v = (y / period) * cells;
      const [row, t] = [Math.floor(v), smooth(v % 1)];
      for (let x = 0; x < period; x++) {
        const u = (x / period) * cells;
        const [column, s] = [Math.floor(u), smooth(u % 1)];
        const above = at(column, row) * (1 - s) + at(column + 1, row) * s;
        const below = at(column, row + 1) * (1 - s) + at(column + 1, row + 1) * s;
        out[y * period + x]! += ((above * (1 - t) + below * t) * weight) / total;
      }
    }
  }
  return out;
}

/**
 * Writes two images of one scene as two sensors see it: uint16, two bands, deflate, UTM zone 33, the sensed one shifted by
 * {@link sceneShift} and its contrast bent and noisy.
 */
export async function writeScalePair(referencePath: string, sensedPath: string, side: number): Promise<void> {
  const random = createRandom(1);
  const scene = texture(random);
  const noise = Float32Array.from({ length: 65_536 }, () => random.normal());
  const crs = await lookUpEpsg(32633);
  const images = [
    { path: referencePath, shift: [0, 0], value: (v: number) => 500 + 3000 * v, sd: 20 },
    { path: sensedPath, shift: sceneShift, value: (v: number) => 2000 + 1200 * Math.cos(7 * v), sd: 150 },
  ] as const;
  for (const { path, shift, value, sd } of images) {
    await using writer = await createGeoTiff(path, {
      width: side,
      height: side,
      bandCount: 2,
      dataType: 'uint16',
      tileSize: 512,
      overwrite: true,
      georeference: { crs, geotransform: [600_000, 10, 0, 5_000_040, 0, -10], origin: 'file' },
    });
    for (let y0 = 0; y0 < side; y0 += 512) {
      const rows = Math.min(512, side - y0);
      const bands = [new Uint16Array(rows * side), new Uint16Array(rows * side)] as const;
      for (let row = 0; row < rows; row++) {
        const y = (y0 + row + shift[1] + period) % period;
        const start = Math.floor(random.uniform() * 65_536);
        for (let x = 0; x < side; x++) {
          const sample = scene[y * period + ((x + shift[0] + period) % period)]!;
          const i = row * side + x;
          bands[0][i] = Math.max(1, value(sample) + sd * noise[(7 * x + start) & 65_535]!);
          bands[1][i] = Math.max(1, 1.5 * value(sample) + sd * noise[(11 * x + start) & 65_535]!);
        }
      }
      await writer.write({ rows, data: bands });
    }
    await writer.finish();
  }
}
