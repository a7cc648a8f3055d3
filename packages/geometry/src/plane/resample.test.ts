import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  affine,
  createRandom,
  kernelWeight,
  type Plane,
  type ResamplingKernel,
  resamplePlane,
  resamplingKernels,
  similarity,
  translation,
} from '../index.js';

function noisePlane(width: number, height: number): Plane {
  const random = createRandom(1);
  return { width, height, data: Float32Array.from({ length: width * height }, () => random.uniform() * 100) };
}

function smoothPlane(width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = 50 + 20 * Math.sin((x + 0.5) / 9) * Math.cos((y + 0.5) / 7);
  }
  return { width, height, data };
}

describe('resamplePlane', () => {
  it.each(resamplingKernels)('%s: the identity changes nothing but what the kernel smooths', (kernel) => {
    const plane = noisePlane(17, 11);
    const out = resamplePlane(plane, 17, 11, translation(0, 0), { kernel });
    expect(out.mask).toBeUndefined();
    if (kernel === 'cubicspline') return;
    for (let i = 0; i < out.data.length; i++) expect(out.data[i]!).toBeCloseTo(plane.data[i]!, 4);
  });

  it.each(resamplingKernels)('%s: a constant stays constant under any transform, up to the border', (kernel) => {
    const plane: Plane = { width: 30, height: 20, data: new Float32Array(600).fill(7) };
    const out = resamplePlane(plane, 40, 40, similarity(0.7, 0.4, 4, -5), { kernel });
    out.data.forEach((value, i) => expect(value).toBeCloseTo(out.mask![i] === 1 ? 7 : 0, 4));
    expect(out.mask).toContain(1);
    expect(out.mask).toContain(0);
  });

  it('takes (0, 0) as the outer corner of the first pixel', () => {
    const plane: Plane = { width: 2, height: 1, data: Float32Array.of(0, 10) };
    // Four output pixels over two input ones: their centres stand at 0.25, 0.75, 1.25, 1.75.
    const out = resamplePlane(plane, 4, 1, affine(0.5, 0, 0, 0, 1, 0), { kernel: 'bilinear' });
    expect([...out.data]).toEqual([0, 2.5, 7.5, 10]);
    expect([...resamplePlane(plane, 4, 1, affine(0.5, 0, 0, 0, 1, 0), { kernel: 'nearest' }).data]).toEqual([
      0, 0, 10, 10,
    ]);
  });

  it('gives masked samples no weight and lets them not spread', () => {
    const plane: Plane = { width: 3, height: 1, data: Float32Array.of(1, 1000, 3), mask: Uint8Array.of(1, 0, 1) };
    const out = resamplePlane(plane, 3, 1, translation(0.25, 0), { kernel: 'bilinear' });
    expect([...out.mask!]).toEqual([1, 0, 1]);
    expect(out.data[0]).toBe(1);
    expect(out.data[2]).toBe(3);
  });

  it('averages where the output is coarser', () => {
    const plane = noisePlane(64, 64);
    const mean = plane.data.reduce((a, b) => a + b, 0) / plane.data.length;
    const out = resamplePlane(plane, 2, 2, affine(32, 0, 0, 0, 32, 0), { kernel: 'bilinear' });
    for (const value of out.data) expect(Math.abs(value - mean)).toBeLessThan(5);
  });

  it('follows a smooth image, the wider kernels closer', () => {
    const plane = smoothPlane(80, 80);
    const error = (kernel: ResamplingKernel): number => {
      const out = resamplePlane(plane, 60, 60, translation(10.3, 9.6), { kernel });
      let worst = 0;
      for (let y = 0; y < 60; y++) {
        for (let x = 0; x < 60; x++) {
          const truth = 50 + 20 * Math.sin((x + 10.8) / 9) * Math.cos((y + 10.1) / 7);
          worst = Math.max(worst, Math.abs(out.data[y * 60 + x]! - truth));
        }
      }
      return worst;
    };
    expect(error('bilinear')).toBeLessThan(0.12);
    expect(error('cubic')).toBeLessThan(0.02);
    expect(error('nearest')).toBeGreaterThan(0.5);
  });

  it('has kernels that sum to one at every phase (lanczos nearly)', () => {
    for (const kernel of resamplingKernels) {
      if (kernel === 'nearest') continue;
      for (let phase = 0; phase < 1; phase += 0.1) {
        let sum = 0;
        for (let k = -4; k <= 4; k++) sum += kernelWeight(kernel, k + phase);
        expect(Math.abs(sum - 1)).toBeLessThan(kernel === 'lanczos' ? 0.02 : 1e-12);
      }
    }
  });
});

const gdal = spawnSync('/usr/bin/python3', ['-c', 'from osgeo import gdal'], { encoding: 'utf8' }).status === 0;
if (!gdal)
  process.stderr.write('resample.test.ts: GDAL for Python is not installed, the comparison with it is skipped\n');

describe.skipIf(!gdal)('against gdalwarp', () => {
  // XSCALE and YSCALE: gdalwarp takes the kernel's width from bounding boxes, which a rotation inflates.
  const script = `
import sys, json
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
q = json.load(sys.stdin)
def make(w, h, gt):
    d = gdal.GetDriverByName('MEM').Create('', w, h, 1, gdal.GDT_Float32)
    d.SetGeoTransform(gt)
    return d
s = make(q['width'], q['height'], [0, 1, 0, 0, 0, 1])
s.GetRasterBand(1).WriteArray(np.array(q['data'], np.float32).reshape(q['height'], q['width']))
out = []
for k, gt in q['cases']:
    d = make(40, 30, gt)
    name = {'nearest': gdal.GRA_NearestNeighbour, 'bilinear': gdal.GRA_Bilinear, 'cubic': gdal.GRA_Cubic, 'cubicspline': gdal.GRA_CubicSpline, 'lanczos': gdal.GRA_Lanczos}[k]
    gdal.Warp(d, s, resampleAlg=name, errorThreshold=0, warpOptions=['XSCALE=%g' % min(1, 1/q['scale'][len(out)]), 'YSCALE=%g' % min(1, 1/q['scale'][len(out)])])
    out.append(d.GetRasterBand(1).ReadAsArray().ravel().tolist())
json.dump(out, sys.stdout)
`;

  it('every kernel gives the same pixels, shifted, turned and shrunk', () => {
    const plane = noisePlane(120, 100);
    // Geotransforms of the output grid in input pixels.
    const grids = [
      [30.3, 1, 0, 25.7, 0, 1],
      [40, 0.9, 0.3, 20, -0.3, 0.9],
      [10.2, 2.3, 0, 8.4, 0, 2.3],
    ] as const;
    // Left out: the widened lanczos of GDAL 3.6, whose weights are symmetric about the nearest sample whatever the phase.
    const cases = resamplingKernels.flatMap((kernel) =>
      grids.filter((grid) => kernel !== 'lanczos' || grid[1] <= 1).map((grid) => [kernel, grid] as const),
    );
    const run = spawnSync('/usr/bin/python3', ['-c', script], {
      input: JSON.stringify({
        width: 120,
        height: 100,
        data: Array.from(plane.data),
        cases,
        scale: cases.map(([, g]) => Math.hypot(g[1], g[2])),
      }),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(run.stderr).toBe('');
    const results = JSON.parse(run.stdout) as number[][];
    cases.forEach(([kernel, g], k) => {
      const out = resamplePlane(plane, 40, 30, affine(g[1], g[2], g[0], g[4], g[5], g[3]), { kernel });
      const worst = results[k]!.reduce((most, value, i) => Math.max(most, Math.abs(value - out.data[i]!)), 0);
      // GDAL's widened B-spline reaches past its support with weights of −5e-5, which is 0.01 here; the rest agree to 1e-4.
      expect(worst, `${kernel} ${g.join(' ')}`).toBeLessThan(kernel === 'cubicspline' ? 0.02 : 2e-4);
    });
  });
});
