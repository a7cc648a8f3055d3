/** Whether a value read from JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is finite numbers, so many where a count is given. */
export function areNumbers(value: unknown, count?: number): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isFinite) && (count === undefined || value.length === count);
}

/** Whether it is two finite numbers. */
export function isPoint(value: unknown): value is readonly [number, number] {
  return areNumbers(value, 2);
}

/** Whether it is three finite numbers. */
export function isTriple(value: unknown): value is readonly [number, number, number] {
  return areNumbers(value, 3);
}

/** Whether it is a finite number above 0. */
export function isPositive(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) > 0;
}

/** Whether it is a whole number of at least `least`. */
export function isCount(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
