/** What registering spends its time on, in order; `start` and `write` are the command line's. */
export const stages = ['start', 'bands', 'read', 'search', 'refine', 'model', 'evidence', 'write'] as const;

/** One of {@link stages}. */
type Stage = (typeof stages)[number];

/** Seconds by stage, of the clock; what was not done is absent. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** Times stages; what is done twice is added up. */
export interface Stopwatch {
  time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T>;
  readonly times: StageTimes;
}

/** Makes a stopwatch at which nothing has been timed yet. */
export function createStopwatch(): Stopwatch {
  const times: Partial<Record<Stage, number>> = {};
  return {
    times,
    async time(stage, work) {
      const begin = performance.now();
      try {
        return await work();
      } finally {
        times[stage] = (times[stage] ?? 0) + (performance.now() - begin) / 1000;
      }
    },
  };
}
