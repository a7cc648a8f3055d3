import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plane, resamplePlane, similarity, transformPoint } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { register } from '../register.js';
import type { RegistrationResult } from '../result/registration-result.js';
import { transformFromJson } from '../result/transform-json.js';
import { type Edits, type HandTiePoint, noEdits } from './edits.js';
import { refit } from './refit.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-refit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const side = 320;
/** Where sensed pixels truly lie on the reference. */
const truth = similarity(1.01, 0.02, 5.4, -3.2);

let result: RegistrationResult;
beforeAll(async () => {
  const scene: Plane = { width: side, height: side, data: blobScene(side, side, 21) };
  const moved = resamplePlane(scene, side, side, truth, { kernel: 'cubic' });
  const write = async (name: string, { data }: Plane): Promise<string> => {
    await writeGeoTiff(join(folder, name), { width: side, height: side, bands: [data], dataType: 'float32' });
    return join(folder, name);
  };
  await using reference = await openRaster(await write('reference.tif', scene));
  const inverted = { ...moved, data: moved.data.map((v) => 400 - v) };
  await using sensed = await openRaster(await write('sensed.tif', inverted));
  result = await register(reference, sensed);
});

const edited = (edits: Partial<Edits>): RegistrationResult => refit(result, { ...noEdits, ...edits });
const errorOf = ({ registration }: RegistrationResult): number => {
  const transform = transformFromJson(registration)!;
  const [a, b] = [transformPoint(transform, side / 2, side / 2), transformPoint(truth, side / 2, side / 2)];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
};
const strengthOf = ({ registration }: RegistrationResult): number => {
  const found = registration.findings.find(({ code }) => code === 'strength' || code === 'chance');
  return (found!.values as { readonly strength: number }).strength;
};
/** A tie point by hand at a place of the sensed image, off by some px. */
const hand = (x: number, y: number, off: number): HandTiePoint => {
  const [u, v] = transformPoint(truth, x, y);
  return { sensed: [x, y], reference: [u + off, v], covariance: [0.04, 0, 0.04], by: 'hand' };
};

describe('a registration after edits by hand', () => {
  it('is the same where nothing was changed, and crosses to another thread', () => {
    expect(result.registration.verdict).toBe('accept');
    expect(refit(result, noEdits)).toBe(result);
    const elsewhere = structuredClone(result);
    expect(refit(elsewhere, { ...noEdits, off: [3] }).registration).toEqual(edited({ off: [3] }).registration);
  });

  it('keeps its tie points in their order and says which are off', () => {
    const { registration, tiePoints } = edited({ off: [0, 5] });
    expect(tiePoints).toHaveLength(result.tiePoints.length);
    expect(tiePoints.map(({ sensed }) => sensed)).toEqual(result.tiePoints.map(({ sensed }) => sensed));
    expect(tiePoints.flatMap(({ off }, i) => (off ? [i] : []))).toEqual([0, 5]);
    expect(tiePoints[5]).toMatchObject({ inlier: false });
    expect(registration.tiePoints).toBe(result.registration.tiePoints - 2);
    expect(registration.provenance.edits).toEqual({ off: [0, 5], added: [], excluded: [] });
    expect(registration.verdict).toBe('accept');
  });

  it('fits again without points whose place a person rejects, and less speaks for it then', () => {
    const half = result.tiePoints.flatMap(({ reference: [x] }, i) => (x < side * 0.6 ? [i] : []));
    const fewer = edited({ off: half });
    expect(fewer.registration.inliers).toBeLessThan(result.registration.inliers - 20);
    expect(strengthOf(fewer)).toBeLessThan(strengthOf(result) - 5);
    expect(fewer.registration.accuracy!.predictedSd).toBeGreaterThan(result.registration.accuracy!.predictedSd);
    expect(errorOf(fewer)).toBeLessThan(0.5);
    const ring = [
      [0, 0],
      [side * 0.6, 0],
      [side * 0.6, side],
      [0, side],
    ] as const;
    const masked = edited({ excluded: [ring] });
    expect(masked.tiePoints.filter(({ off }) => off)).toHaveLength(half.length);
    expect(strengthOf(masked)).toBeLessThan(strengthOf(result) - 5);
  });

  it('never gains evidence by what is switched off', () => {
    const worst = result.tiePoints
      .map(({ residual }, i) => ({ residual: residual!, i }))
      .toSorted((a, b) => b.residual - a.residual)
      .slice(0, 20);
    expect(strengthOf(edited({ off: worst.map(({ i }) => i) }))).toBeLessThanOrEqual(strengthOf(result) + 1e-9);
  });

  it('takes points by hand into the fit, and neither for nor against chance', () => {
    const right = [hand(60, 60, 0), hand(250, 70, 0), hand(150, 260, 0)];
    const better = edited({ added: right });
    expect(better.tiePoints.slice(-3).every(({ by, inlier }) => by === 'hand' && inlier)).toBe(true);
    expect(better.registration.imported).toEqual({ tiePoints: 3, inliers: 3 });
    expect(better.registration.tiePoints).toBe(result.registration.tiePoints + 3);
    expect(strengthOf(better)).toBeCloseTo(strengthOf(result), 6);
    const wrong = edited({ added: [hand(60, 60, 40)] });
    expect(wrong.tiePoints.at(-1)).toMatchObject({ inlier: false });
    expect(strengthOf(wrong)).toBeCloseTo(strengthOf(result), 6);
    expect(errorOf(wrong)).toBeLessThan(0.3);
  });

  it('is refused where hand-made points alone carry it elsewhere, or too few are left', () => {
    const all = result.tiePoints.map((_, i) => i);
    const elsewhere = [60, 150, 250].flatMap((x) => [60, 150, 250].map((y) => hand(x, y, 30)));
    const carried = edited({ off: all, added: elsewhere });
    expect(carried.registration.verdict).toBe('refuse');
    expect(carried.registration.findings[0]!.code).toBe('chance');
    expect(carried.registration.sensedToReference).toBeNull();
    const none = edited({ off: all });
    expect(none.registration.findings[0]!.code).toBe('too-few-tie-points');
    expect(none.tiePoints.every(({ off }) => off)).toBe(true);
  });

  it('fits the model that is asked for', () => {
    const stiff = edited({ model: 'translation' });
    expect(stiff.registration.model).toBe('translation');
    expect(stiff.registration.accuracy!.checkRmse).toBeGreaterThan(result.registration.accuracy!.checkRmse * 2);
    expect(edited({ model: 'auto' }).registration.model).toBe(result.registration.model);
  });

  it('follows in a small part of the time that registering takes', () => {
    const off = Array.from({ length: 10 }, (_, i) => 3 * i);
    edited({ off });
    const times = Array.from({ length: 5 }, (_, i) => {
      const begin = performance.now();
      edited({ off: [...off, 40 + i] });
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan((1000 * result.registration.seconds) / 10);
  });
});
