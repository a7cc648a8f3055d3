import { expect, it } from 'vitest';
import type { RegistrationResult } from '../result/registration-result.js';
import { finding } from '../verdict/finding.js';
import { withOpenLoops } from './open-loops.js';

const accepted = {
  registration: {
    verdict: 'accept',
    findings: [finding('agreement', 'info', { inliers: 40, tried: 49 })],
    reasons: ['40 of 49 windows agree with one geometry'],
  },
} as unknown as RegistrationResult;
const open = [{ images: [1, 2] as const, misclosure: 4.2, expected: 0.5, consistent: false }];
const names = ['a.tif', 'b.tif', 'c.tif'];

it('warns with a reason, and only of images in an open loop', () => {
  expect(withOpenLoops(accepted, 0, open, names)).toBe(accepted);
  for (const image of [1, 2]) {
    const { registration } = withOpenLoops(accepted, image, open, names);
    expect(registration.verdict).toBe('warn');
    expect(registration.findings.map(({ code }) => code)).toEqual(['open-loop', 'agreement']);
    expect(registration.reasons[0]).toContain('from b.tif to the reference and that through c.tif end 4.2 px apart');
  }
});

it('leaves a refusal alone', () => {
  const refused = { registration: { ...accepted.registration, verdict: 'refuse' } } as RegistrationResult;
  expect(withOpenLoops(refused, 1, open, names)).toBe(refused);
});
