import { argumentError } from './error.js';

/** The learning rate of each step; the first is step 0. */
export type Schedule = (step: number) => number;

/** The same rate always. */
export function constantSchedule(rate: number): Schedule {
  return () => rate;
}

function cosineBetween(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(Math.max(progress, 0), 1)))) / 2;
}

/** Half a cosine from `rate` down to `final` (0 unless named) over `steps` (Loshchilov 2017, without restarts). */
export function cosineSchedule(rate: number, steps: number, final = 0): Schedule {
  if (steps < 1) throw argumentError('cosineSchedule', 'needs at least one step', steps);
  return (step) => cosineBetween(rate, final, step / steps);
}

/** Up along half a cosine to `peak` over the first `rise` of the steps (0.3 unless named), then down to nearly nothing (Smith 2018). */
export function oneCycleSchedule(
  peak: number,
  steps: number,
  options: { readonly rise?: number; readonly startDivisor?: number; readonly finalDivisor?: number } = {},
): Schedule {
  const { rise = 0.3, startDivisor = 25, finalDivisor = 1e4 } = options;
  if (steps < 1 || rise <= 0 || rise >= 1)
    throw argumentError('oneCycleSchedule', 'steps from 1, rise between 0 and 1', { steps, rise });
  const start = peak / startDivisor;
  const top = rise * steps;
  return (step) =>
    step < top
      ? cosineBetween(start, peak, step / top)
      : cosineBetween(peak, start / finalDivisor, (step - top) / (steps - top));
}

/** Another schedule reached in a straight line from nothing: its rate times `(step + 1) / warmUp` for the first steps. */
export function withWarmUp(schedule: Schedule, warmUp: number): Schedule {
  return (step) => schedule(step) * Math.min(1, (step + 1) / warmUp);
}
