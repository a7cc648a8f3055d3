import { applyTransform, translation } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { parseRegistration, type Registration } from '../result/registration.js';
import { transformToJson } from '../result/transform-json.js';
import { finding } from '../verdict/finding.js';
import type { MeasuredPair } from './measured-pair.js';
import { solveSeries } from './register-series.js';

const size = { width: 200, height: 200, georeference: null };
const images = ['reference.tif', 'a.tif', 'b.tif', 'c.tif'].map((name) => ({ ...size, name }));

/** A pair of two numbers whose sensed image is shifted so far along x; refused where that is null. */
function pairOf(reference: number, sensed: number, shift: number | null): MeasuredPair {
  const inputs = [reference, sensed].map((number, i) => ({
    role: i === 0 ? ('reference' as const) : ('sensed' as const),
    source: images[number]!.name,
    width: 200,
    height: 200,
  }));
  const transform = shift === null ? null : translation(shift, 0);
  const chance = finding('chance', 'refuse', { strength: 3, limit: 17 });
  const agreement = finding('agreement', 'info', { inliers: 40, tried: 49 });
  const registration: Registration = {
    version: 1,
    verdict: transform === null ? 'refuse' : 'accept',
    reasons: [],
    findings: [transform === null ? chance : agreement],
    confidence: transform === null ? 0.1 : 0.99,
    ...(transform === null ? { model: 'affine', sensedToReference: null } : transformToJson(transform)),
    tiePoints: 49,
    inliers: 40,
    accuracy: { rmse: 0.3, checkRmse: 0.4, ce90: 0.6, predictedSd: 0.2, unit: 'px' },
    seconds: 1,
    method: 'grid',
    provenance: { tool: 'tiepoint', weights: null, seed: 0, inputs },
    warnings: [],
    logFalseAlarms: -40,
  };
  const points = Float64Array.from([20, 20, 180, 20, 20, 180, 180, 180]);
  const covariance = Float64Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 0.09 : 0));
  const jointError = transform && { sensed: points, reference: applyTransform(transform, points), covariance };
  return { reference, sensed, registration, failure: null, jointError };
}

const solved = (pairs: readonly MeasuredPair[]): ReturnType<typeof solveSeries> => solveSeries(images, pairs, 'affine');
const codesOf = ({ findings }: Registration): readonly string[] => findings.map(({ code }) => code);

it('places an image through others where the reference refuses it, and names its own files', async () => {
  const pairs = [
    pairOf(0, 1, 3),
    pairOf(0, 2, null),
    pairOf(1, 2, 4),
    pairOf(0, 3, 5),
    pairOf(1, 3, 2),
    pairOf(2, 3, -2),
  ];
  const { images: documents } = await solved(pairs);
  const b = documents[1]!;
  expect([b.verdict, b.sensedToReference?.[0][2]]).toEqual(['accept', expect.closeTo(7, 6)]);
  expect(codesOf(b)).toEqual(['through-others', 'network']);
  expect(b.reasons[0]).toMatch(/placed through [ac]\.tif, 2 pairs away/);
  expect(b.confidence).toBeCloseTo(0.99 ** 2, 6);
  expect(b.provenance.inputs.map(({ role, source }) => `${role} ${source}`)).toEqual([
    'reference reference.tif',
    'sensed b.tif',
  ]);
  expect(b.network).toMatchObject({ pairs: 2, checked: true });
  expect(b.network!.ce90).toBeGreaterThan(documents[0]!.network!.ce90);
  expect(parseRegistration(JSON.stringify(b))).toEqual(b);
});

it('has doubts where nothing checks the way, and refuses where there is none', async () => {
  const { images: documents } = await solved([
    pairOf(0, 1, 3),
    pairOf(1, 2, 4),
    pairOf(0, 2, null),
    pairOf(0, 3, null),
  ]);
  expect(documents.map(({ verdict }) => verdict)).toEqual(['accept', 'warn', 'refuse']);
  expect(documents[1]!.findings[0]).toMatchObject({ code: 'through-others', severity: 'warn' });
  expect(codesOf(documents[2]!)).toEqual(['not-connected', 'chance']);
  expect(documents[2]).toMatchObject({ sensedToReference: null, accuracy: null });
  expect(documents[2]).not.toHaveProperty('network');
});

it('names the pairs of a loop that stays open, to those whom they concern', async () => {
  const { images: documents } = await solved([pairOf(0, 1, 3), pairOf(0, 2, 19), pairOf(1, 2, 4), pairOf(0, 3, 5)]);
  expect(documents.map(({ verdict }) => verdict)).toEqual(['warn', 'warn', 'accept']);
  expect(documents[0]!.reasons[0]).toMatch(
    /stays open by 12\.\d px.*: a\.tif to reference\.tif, b\.tif to reference\.tif, b\.tif to a\.tif$/,
  );
});
