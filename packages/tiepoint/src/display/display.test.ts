import { createRandom } from '@tiepoint/geometry';
import type { ColorInterpretation, PixelWindow, RasterFile, ReadPlaneOptions } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { chooseDisplay, toRgba } from './display.js';

const side = 240;

/** A file in memory of one function a band; notes the windows that are read. */
function fileOf(
  colours: readonly ColorInterpretation[],
  value: (band: number, i: number) => number,
  more: Partial<RasterFile> = {},
): { file: RasterFile; read: (PixelWindow | undefined)[] } {
  const read: (PixelWindow | undefined)[] = [];
  const file: Partial<RasterFile> = {
    width: side,
    height: side,
    overviews: [],
    decodesWhole: false,
    bands: colours.map((colorInterpretation, i) => ({
      index: i + 1,
      name: null,
      dataType: 'float32',
      nodata: null,
      colorInterpretation,
      scale: 1,
      offset: 0,
      unit: null,
      metadata: {},
      colorTable: null,
    })),
    readPlane: ({ band = 1, window, width, height }: ReadPlaneOptions = {}) => {
      read.push(window);
      const size = { width: width ?? window?.width ?? side, height: height ?? window?.height ?? side };
      const data = Float32Array.from({ length: size.width * size.height }, (_, i) => value(Number(band), i));
      return Promise.resolve({ ...size, data });
    },
    ...more,
  };
  return { file: file as RasterFile, read };
}

describe('how an image is shown', () => {
  it('leaves out the hundredth at either end, and gives colours one range', async () => {
    const grey = fileOf(['gray'], (_, i) => i % 1000);
    const display = await chooseDisplay(grey.file);
    expect(display).toMatchObject({ bands: [1], sar: null });
    expect(Math.abs(display.low - 10)).toBeLessThan(2);
    expect(Math.abs(display.high - 989)).toBeLessThan(2);
    const colour = fileOf(['red', 'green', 'blue', 'alpha'], (band, i) => 100 * band + (i % 100));
    const { bands, low, high } = await chooseDisplay(colour.file);
    expect(bands).toEqual([1, 2, 3]);
    const names = ['B02', 'B03', 'B04', 'B08'];
    const plain = fileOf(['gray', 'undefined', 'undefined', 'undefined'], (_, i) => i % 100).file;
    const named = { ...plain, bands: plain.bands.map((band, i) => ({ ...band, name: names[i]! })) };
    expect((await chooseDisplay(named)).bands).toEqual([3, 2, 1]);
    expect((await chooseDisplay(plain)).bands).toEqual([1]);
    expect([Math.round(low / 10), Math.round(high / 10)]).toEqual([10, 40]);
  });

  it('is chosen from some windows of a large image without overviews', async () => {
    const large = fileOf(['gray'], (_, i) => i % 7, { width: 20_000, height: 9_000 });
    await chooseDisplay(large.file);
    expect(large.read).toHaveLength(9);
    for (const window of large.read) {
      expect(window!.width * window!.height).toBe(128 * 128);
      expect(window!.x + window!.width).toBeLessThanOrEqual(20_000);
    }
    const tiled = fileOf(['gray'], (_, i) => i % 7, {
      width: 20_000,
      height: 9_000,
      overviews: [{ width: 600, height: 270 }],
    });
    await chooseDisplay(tiled.file);
    expect(tiled.read).toEqual([undefined]);
  });

  it('puts linear SAR in decibels', async () => {
    const random = createRandom(2);
    // Speckle of one look over fields of very different brightness.
    const speckle = fileOf(['gray'], (_, i) => {
      const field = 10 ** (Math.floor((i % side) / 40) * 0.5);
      return -Math.log(1 - random.uniform()) * field;
    });
    const display = await chooseDisplay(speckle.file);
    expect(display.sar).toBe('power');
    expect(display.high - display.low).toBeGreaterThan(20);
    expect(display.high).toBeLessThan(40);
    expect((await chooseDisplay(speckle.file, { sar: null })).sar).toBeNull();
    const window = { data: [Float32Array.of(1, 10, 100)], mask: Uint8Array.of(1, 1, 0), validCount: 2, error: 0 };
    const shown = toRgba(window, { low: 0, high: 20, sar: 'power' });
    expect([...shown]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 0]);
  });

  it('stretches and scales as somebody chooses', async () => {
    const { file } = fileOf(['gray'], (_, i) => (i % 1000 === 0 ? 10_000 : 100 + (i % 7)));
    expect(await chooseDisplay(file, { stretch: 'range' })).toMatchObject({ low: 100, high: 10_000, stretch: 'range' });
    expect((await chooseDisplay(file)).high).toBe(106);
    const { low, high } = await chooseDisplay(file, { stretch: 'deviations' });
    // Nothing lies below the least value; one in a thousand far above widens the spread to 313.
    expect(low).toBe(100);
    expect(high).toBeGreaterThan(500);
    expect(high).toBeLessThan(1000);
    const power = await chooseDisplay(file, { sar: 'power', stretch: 'range' });
    expect([power.low, power.high, power.sar]).toEqual([expect.closeTo(20, 4), expect.closeTo(40, 4), 'power']);
    expect((await chooseDisplay(file, { sar: 'amplitude', stretch: 'range' })).high).toBeCloseTo(80, 4);
  });

  it('is something even where nothing varies', async () => {
    const flat = await chooseDisplay(fileOf(['gray'], () => 5).file);
    expect(flat.high).toBeGreaterThan(flat.low);
    const nothing = await chooseDisplay(fileOf(['gray'], () => Number.NaN).file);
    expect(nothing).toMatchObject({ low: 0, high: 1 });
  });
});
