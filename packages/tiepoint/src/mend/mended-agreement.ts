import { mean, median, subset, type Transform, transformPoint } from '@tiepoint/geometry';
import { fitTiePoints } from '../model/fit-tie-points.js';
import type { TiePointSet } from '../model/tie-point-set.js';
import type { WindowAgreement } from '../refine/window-agreement.js';
import { falseAlarmsOf } from '../search/match-pass.js';
import type { FitBasis } from './fit-basis.js';

/** Distance of two models beyond which a window that agrees with one does not speak for the other, px of the reference. */
const alike = 3;

/** Tie points by their indices. */
export function choose(set: TiePointSet, indices: readonly number[]): TiePointSet {
  return {
    ...set,
    points: subset(set.points, indices),
    score: Float64Array.from(indices, (i) => set.score[i]!),
  };
}

/** Whether each tie point that was found is switched off, and whether a place of the reference is left out; px of the planes. */
export interface SwitchedOff {
  readonly found: readonly boolean[];
  readonly place: (x: number, y: number) => boolean;
}

/**
 * Windows that may not speak for a registration any more: left out themselves, or with most of the tie points on them switched off.
 */
function silentWindows({ windows, found, localised }: FitBasis, off: SwitchedOff): boolean[] {
  const { matches, pass } = windows;
  const half = (pass.window * pass.step) / 2;
  const { target } = found.points;
  return Array.from({ length: matches.count }, (_, i) => {
    const [x, y] = [matches.target[2 * i]!, matches.target[2 * i + 1]!];
    if (off.place(x, y)) return true;
    if (!localised) return off.found[i]!;
    let [on, without] = [0, 0];
    for (const [k, isOff] of off.found.entries()) {
      if (Math.abs(target[2 * k]! - x) > half || Math.abs(target[2 * k + 1]! - y) > half) continue;
      if (isOff) without++;
      else on++;
    }
    return without > on;
  });
}

/** How far two transforms put places of the shared ground apart, px of the reference: the median. */
function distanceBetween({ transform, surroundings, referenceToSensed }: FitBasis, other: Transform): number {
  const apart = surroundings.ground.points.map(([x, y]) => {
    const [u, v] = transformPoint(referenceToSensed, x, y);
    const [a, b] = [transformPoint(transform, u, v), transformPoint(other, u, v)];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  });
  return apart.length === 0 ? 0 : median(apart);
}

/**
 * How the windows agree with a mended transform. A window that is switched off stays among those tried and agrees with nothing, so that
 * leaving out what does not fit never adds to the evidence; a window whose own model is far from the mended one does not speak for it.
 */
export function mendedAgreement(basis: FitBasis, mended: Transform, off: SwitchedOff): WindowAgreement {
  const { windows, seed, referenceToSensed, surroundings, agreement } = basis;
  const { matches, pass, set, model } = windows;
  const silent = silentWindows(basis, off);
  const kept = Array.from(silent.keys()).filter((i) => !silent[i]);
  const setting = { model, seed } as const;
  const { ground } = surroundings;
  const fitted = fitTiePoints(setting, choose(set, kept), referenceToSensed, ground, matches.tried);
  const [found, second] = agreement.logFalseAlarms;
  const moved = distanceBetween(basis, mended);
  const here = moved <= basis.reach;
  const { contrast, ...rest } = agreement;
  const asked = moved <= alike && contrast !== undefined ? { contrast } : {};
  if (fitted === null) {
    const none = { ...rest, ...asked, inliers: 0, score: 0, distinctness: 0 };
    return { ...none, logFalseAlarms: [here ? found : 0, here ? second : 0, 0] };
  }
  const { estimate } = fitted;
  const { source } = fitted.set.points;
  const speaks = Array.from(kept.keys()).filter((i) => {
    const [x, y] = [source[2 * i]!, source[2 * i + 1]!];
    const [a, b] = [transformPoint(mended, x, y), transformPoint(estimate.transform, x, y)];
    return Math.hypot(a[0] - b[0], a[1] - b[1]) <= alike;
  });
  const residuals = speaks.map((i) => estimate.residuals[i]!);
  const inlying = speaks.filter((i) => estimate.inliers[i] === 1).map((i) => kept[i]!);
  const sample = Math.ceil(estimate.fit.effectiveParameters / 2);
  const last = falseAlarmsOf(ground, pass, matches, { residuals: Float64Array.from(residuals) }, sample);
  return {
    ...rest,
    ...asked,
    logFalseAlarms: [here ? found : 0, here ? second : 0, last],
    inliers: inlying.length,
    score: mean(inlying.map((i) => matches.score[i]!)),
    distinctness: mean(inlying.map((i) => matches.distinctness[i]!)),
  };
}
