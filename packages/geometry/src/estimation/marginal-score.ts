/**
 * MAGSAC++'s weight and loss (Barath et al. 2020, eqs. 6–9) for residuals in two dimensions, marginalised over a noise scale that is
 * uniform in (0, σmax], as tables over the squared residual. The threshold is where a residual is no longer an inlier at σmax.
 */

/** The threshold in units of σmax: the 99 % quantile of the χ distribution with two degrees of freedom, √(−2 ln 0.01). */
export const thresholdInSigmas = Math.sqrt(-2 * Math.log(0.01));

const tableSize = 2048;

/** 1 at residual 0, falling to 0 at the threshold: w(r) ∝ erfc(r / √2σmax) − erfc(k / √2). Index: r² / threshold² · size. */
const weightTable = new Float64Array(tableSize + 2);
/** The quality of a point, 1 − ρ(r) / ρ(threshold) with ρ(r) = ∫₀ʳ x w(x) dx. Same index. */
const qualityTable = new Float64Array(tableSize + 2);

function fillTables(): void {
  // Integrate on a grid fine in r, from the threshold inwards for w and outwards for ρ.
  const steps = 1 << 15;
  const h = thresholdInSigmas / steps;
  const weight = new Float64Array(steps + 1);
  for (let i = steps - 1; i >= 0; i--) {
    const middle = (i + 0.5) * h;
    weight[i] = weight[i + 1]! + Math.exp((-middle * middle) / 2) * h;
  }
  const loss = new Float64Array(steps + 1);
  for (let i = 1; i <= steps; i++) {
    const middle = (i - 0.5) * h;
    loss[i] = loss[i - 1]! + middle * 0.5 * (weight[i - 1]! + weight[i]!) * h;
  }
  for (let k = 0; k <= tableSize; k++) {
    const position = Math.sqrt(k / tableSize) * steps;
    const i = Math.min(steps - 1, Math.floor(position));
    const t = position - i;
    weightTable[k] = (weight[i]! * (1 - t) + weight[i + 1]! * t) / weight[0]!;
    qualityTable[k] = 1 - (loss[i]! * (1 - t) + loss[i + 1]! * t) / loss[steps]!;
  }
}
fillTables();

function lookUp(table: Float64Array, squaredRatio: number): number {
  if (!(squaredRatio < 1)) return 0;
  const position = squaredRatio * tableSize;
  const i = position | 0;
  const t = position - i;
  return table[i]! * (1 - t) + table[i + 1]! * t;
}

/** The least-squares weight of a point, 1 … 0, by its squared residual over the squared threshold. */
export function marginalWeight(squaredRatio: number): number {
  return lookUp(weightTable, squaredRatio);
}

/** How much a point supports a model, 1 … 0, by its squared residual over the squared threshold. */
export function marginalQuality(squaredRatio: number): number {
  return lookUp(qualityTable, squaredRatio);
}
