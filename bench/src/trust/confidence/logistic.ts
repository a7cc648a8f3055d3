/** A case: what is known of it, and whether it was right. */
export interface Case {
  readonly features: readonly number[];
  readonly right: boolean;
}

/** Log odds of being right: a constant and a weight for each feature. */
export interface LogisticModel {
  readonly constant: number;
  readonly weights: readonly number[];
}

/** Probability that a case is right. */
function probability({ constant, weights }: LogisticModel, features: readonly number[]): number {
  const odds = features.reduce((sum, value, i) => sum + value * weights[i]!, constant);
  return 1 / (1 + Math.exp(-odds));
}

/** Solves a symmetric positive definite system by Gauss-Jordan elimination; rows hold the right side last. */
function solve(rows: number[][]): readonly number[] {
  for (const [i, pivot] of rows.entries()) {
    const scale = pivot[i]!;
    for (let k = i; k < pivot.length; k++) pivot[k]! /= scale;
    for (const [j, row] of rows.entries()) {
      const factor = row[i]!;
      if (j === i || factor === 0) continue;
      for (let k = i; k < row.length; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  return rows.map((row) => row.at(-1)!);
}

const iterations = 30;

/**
 * Logistic regression by Newton's method.
 *
 * @param ridge - how much squared weights cost, not the constant: what few cases say is believed less
 * @param allowed - the sign each weight may have, 1 or −1, 0 for either; a weight of the other sign is 0
 */
export function fitLogistic(cases: readonly Case[], ridge: number, allowed: readonly number[]): LogisticModel {
  const count = allowed.length + 1;
  const free = new Set(Array.from({ length: count }, (_, i) => i));
  for (;;) {
    const parameters = Array.from({ length: count }, () => 0);
    const used = [...free];
    for (let step = 0; step < iterations; step++) {
      const rows = used.map((i, a) => [
        ...used.map((_, b) => (a === b && i > 0 ? ridge : 1e-9)),
        i > 0 ? -ridge * parameters[i]! : 0,
      ]);
      for (const { features, right } of cases) {
        const values = [1, ...features];
        const p = probability({ constant: parameters[0]!, weights: parameters.slice(1) }, features);
        for (const [a, i] of used.entries()) {
          for (const [b, j] of used.entries()) rows[a]![b]! += p * (1 - p) * values[i]! * values[j]!;
          rows[a]![used.length]! += ((right ? 1 : 0) - p) * values[i]!;
        }
      }
      for (const [a, change] of solve(rows).entries()) parameters[used[a]!]! += change;
    }
    const wrong = used.find((i) => i > 0 && parameters[i]! * allowed[i - 1]! < 0);
    if (wrong === undefined) return { constant: parameters[0]!, weights: parameters.slice(1) };
    free.delete(wrong);
  }
}
