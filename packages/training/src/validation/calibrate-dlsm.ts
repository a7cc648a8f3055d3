import {
  composeTransforms,
  isMatrixTransform,
  jacobianAt,
  transformPoint,
  translation,
  median,
  squaredDistance,
} from '@tiepoint/geometry';
import { type Dlsm, type Engine, matchDlsm } from '@tiepoint/matching';
import { createRandom, type Random } from 'onnx-grad';
import { toPlane } from '../data/training-image.js';
import type { TrainingPair } from '../data/training-pairs.js';

/** A localisation whose truth is known. */
interface Localised {
  /** Error, px of the reference. */
  readonly ex: number;
  readonly ey: number;
  /** Squared Mahalanobis length of the error by the predicted covariance. */
  readonly squared: number;
  /** Predicted, px: the geometric mean of the deviations. */
  readonly deviation: number;
}

/** How localisations of one set compare with what was predicted of them. */
export interface CalibrationRow {
  readonly set: string;
  readonly n: number;
  /** What the predicted covariance has to be multiplied by to be right, from the first half of the places. */
  readonly temperature: number;
  /** On the other half, with the set's own temperature: root mean square of the normalised errors, 1 where right. */
  readonly normalisedSd: number;
  /** Shares of errors inside the ellipses that should hold 50, 90 and 95 %. */
  readonly coverage50: number;
  readonly coverage90: number;
  readonly coverage95: number;
  /** Robust SD (1.48 MAD) of the errors of the best 5 and 35 % by predicted deviation, px. */
  readonly robustSd5: number;
  readonly robustSd35: number;
}

/** How far the geometry is moved from the truth before localising, px in each direction. */
const movedPx = 1.5;
/** Localisations predicted worse than this are not tie points, px. */
const mostDeviation = 1.5;
/** A squared length beyond this is a wrong match, not an error of localisation. */
const wrongBeyond = 30;

async function localisePair(engine: Engine, dlsm: Dlsm, pair: TrainingPair, random: Random): Promise<Localised[]> {
  const truth = pair.referenceToSensed;
  if (!isMatrixTransform(truth)) return [];
  const draw = (): number => movedPx * (2 * random.uniform() - 1);
  const start = composeTransforms(truth, translation(draw(), draw()));
  const plain: Dlsm = { ...dlsm, temperature: 1 };
  const grid = { cells: 12, reach: 4 };
  const found = await matchDlsm(engine, plain, toPlane(pair.reference), toPlane(pair.sensed), start, grid);
  const all: Localised[] = [];
  for (let i = 0; i < found.count; i++) {
    const deviation = found.deviation[i]!;
    if (deviation > mostDeviation) continue;
    const [x, y] = [found.target[2 * i]!, found.target[2 * i + 1]!];
    const [tx, ty] = transformPoint(truth, x, y);
    const [dx, dy] = [found.source[2 * i]! - tx, found.source[2 * i + 1]! - ty];
    const [a, b, c, d] = jacobianAt(truth, x, y);
    const det = a * d - b * c;
    const [ex, ey] = [(d * dx - b * dy) / det, (a * dy - c * dx) / det];
    const [xx, xy, yy] = [found.covariance[3 * i]!, found.covariance[3 * i + 1]!, found.covariance[3 * i + 2]!];
    const squared = squaredDistance([ex, ey], [xx, xy, yy]);
    all.push({ ex, ey, squared, deviation });
  }
  return all;
}

/** The temperature by maximum likelihood, wrong matches left out. */
function temperatureOf(found: readonly Localised[]): number {
  const fine = found.filter(({ squared }) => squared < wrongBeyond);
  return fine.reduce((sum, { squared }) => sum + squared, 0) / Math.max(2 * fine.length, 1);
}

function robustSd(found: readonly Localised[], share: number): number {
  const best = found
    .toSorted((a, b) => a.deviation - b.deviation)
    .slice(0, Math.max(1, Math.round(share * found.length)));
  const spread = (values: readonly number[]): number => {
    const middle = median(values);
    return 1.48 * median(values.map((v) => Math.abs(v - middle)));
  };
  return Math.sqrt((spread(best.map(({ ex }) => ex)) ** 2 + spread(best.map(({ ey }) => ey)) ** 2) / 2);
}

function rowOf(set: string, fitted: readonly Localised[], held: readonly Localised[]): CalibrationRow {
  const temperature = temperatureOf(fitted);
  const inside = (quantile: number): number =>
    held.filter(({ squared }) => squared / temperature < quantile).length / Math.max(held.length, 1);
  return {
    set,
    n: held.length,
    temperature,
    normalisedSd: Math.sqrt(temperatureOf(held) / temperature),
    // Quantiles of the squared length of a bivariate normal: −2 ln(1 − p).
    coverage50: inside(2 * Math.LN2),
    coverage90: inside(-2 * Math.log(0.1)),
    coverage95: inside(-2 * Math.log(0.05)),
    robustSd5: robustSd(held, 0.05),
    robustSd35: robustSd(held, 0.35),
  };
}

/**
 * Compares predicted with true errors, as they come out of localisation at a geometry that is a pixel or so off: fits one
 * temperature a set on half of its places and reports on the other half.
 *
 * @param pairs - of places that took no part in training; only those with an affine truth are used
 * @returns the rows, and the temperature for images of unknown kind: the geometric mean over sets
 */
export async function calibrateDlsm(
  engine: Engine,
  dlsm: Dlsm,
  pairs: readonly TrainingPair[],
): Promise<{ readonly temperature: number; readonly rows: readonly CalibrationRow[] }> {
  const halves = new Map<string, [Localised[], Localised[]]>();
  // Places alternate, so that both halves have some; a set of one place is halved by pairs.
  const seen = new Map<string, string[]>();
  const random = createRandom(11);
  for (const pair of pairs) {
    const groups = seen.get(pair.set) ?? [];
    seen.set(pair.set, groups);
    const severalPlaces = pairs.some((other) => other.set === pair.set && other.group !== pair.group);
    const key = severalPlaces ? pair.group : pair.id;
    if (!groups.includes(key)) groups.push(key);
    const half = groups.indexOf(key) % 2;
    const found = halves.get(pair.set) ?? [[], []];
    halves.set(pair.set, found);
    found[half]!.push(...(await localisePair(engine, dlsm, pair, random)));
  }
  const rows = [...halves].map(([set, [fitted, held]]) => rowOf(set, fitted, held));
  const usable = rows.filter(({ n, temperature }) => n >= 50 && temperature > 0);
  const mean = usable.reduce((sum, row) => sum + Math.log(row.temperature), 0) / Math.max(usable.length, 1);
  return { temperature: Math.exp(mean), rows };
}
