/** The share of χ² with an even number of degrees of freedom beyond a value: a sum of Poisson's. */
function shareBeyond(value: number, degrees: number): number {
  let term = Math.exp(-value / 2);
  let sum = term;
  for (let k = 1; k < degrees / 2; k++) {
    term *= value / 2 / k;
    sum += term;
  }
  return sum;
}

/**
 * The value that χ² exceeds by chance in a share of all cases.
 *
 * @param degrees - of freedom, even: coordinates come in pairs
 */
export function chiSquareLimit(degrees: number, share: number): number {
  let [low, high] = [0, 10 * (degrees - 2 * Math.log(share))];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shareBeyond(middle, degrees) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
