import { median, type Transform, transformPoint } from '@tiepoint/geometry';
import { expect } from 'vitest';
import type { RegistrationResult } from '../result/registration-result.js';
import { transformFromJson } from '../result/transform-json.js';
import { type Edits, noEdits } from './edits.js';
import { refit } from './refit.js';

function strengthOf({ registration }: RegistrationResult): number {
  const found = registration.findings.find(({ code }) => code === 'strength' || code === 'chance');
  return (found!.values as { readonly strength: number }).strength;
}

/**
 * Mends a registration of files as a person would, in another thread, and expects all of it to stay where it belongs.
 *
 * @param truth - sensed px → reference px; @param within - how far off the transform may be, px of the reference
 */
export function expectMendable(
  result: RegistrationResult,
  truth: (x: number, y: number) => readonly [number, number],
  within: number,
): void {
  const elsewhere = structuredClone(result);
  const mend = (edits: Partial<Edits>): RegistrationResult => refit(elsewhere, { ...noEdits, ...edits });
  const { tiePoints } = result;
  const offset = (transform: Transform): number => {
    const off = tiePoints.map(({ sensed }) => {
      const [[x, y], [dueX, dueY]] = [transformPoint(transform, ...sensed), truth(...sensed)];
      return Math.hypot(x - dueX, y - dueY);
    });
    return median(off);
  };
  const fewer = mend({ off: [0, 1, 2] });
  expect(fewer.registration.verdict, fewer.registration.reasons.join('; ')).toBe('accept');
  expect(offset(transformFromJson(fewer.registration)!)).toBeLessThan(within);
  expect(fewer.tiePoints.map(({ sensed, reference }) => [sensed, reference])).toEqual(
    tiePoints.map(({ sensed, reference }) => [
      sensed.map((v) => expect.closeTo(v, 6)),
      reference.map((v) => expect.closeTo(v, 6)),
    ]),
  );
  const { width, height } = result.errorField!;
  expect(fewer.errorField).toMatchObject({ width, height });

  const { sensed } = tiePoints[tiePoints.length >> 1]!;
  const added = [{ sensed, reference: truth(...sensed), covariance: [0.04, 0, 0.04], by: 'hand' }] as const;
  const more = mend({ added });
  expect(more.tiePoints.at(-1)).toMatchObject({ inlier: true, by: 'hand' });
  expect(more.tiePoints.at(-1)!.residual).toBeLessThan(2 * within);
  expect(offset(transformFromJson(more.registration)!)).toBeLessThan(within);

  // The half of them that lies to the left.
  const middle = median(tiePoints.map(({ reference: [x] }) => x));
  const ring = [
    [-10, -10],
    [middle, -10],
    [middle, height + 10],
    [-10, height + 10],
  ] as const;
  const masked = mend({ excluded: [ring] });
  expect(masked.tiePoints.map(({ off }) => off === true)).toEqual(tiePoints.map(({ reference: [x] }) => x < middle));
  expect(strengthOf(masked)).toBeLessThan(strengthOf(result) - 5);
}
