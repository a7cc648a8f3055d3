import type { Dlsm, Engine } from '@tiepoint/matching';
import type { SearchFields } from '@tiepoint/training/evaluation';
import { shiftFields } from '../localisation/shift-fields.js';
import { ellipseOf, type LocalisationError, normalisedError } from '../localisation/errors.js';
import type { Chart } from './chart.js';
import type { Figure } from './figure.js';

/** Where DLSM sees the match from each offset around one template (Uss 2020, figure 4). */
export async function predictionFieldFigure(engine: Engine, dlsm: Dlsm, fields: SearchFields): Promise<Figure> {
  const [field] = await shiftFields(engine, dlsm, fields);
  const { side, dx, dy, logArea } = field!;
  const radius = (side - 1) / 2;
  const areas = Array.from(logArea);
  const [least, most] = [Math.min(...areas), Math.max(...areas)];
  const arrows = areas.map((area, i) => {
    const [u, v] = [(i % side) - radius, Math.floor(i / side) - radius];
    return [u, v, u + dx[i]!, v + dy[i]!, (most - area) / Math.max(most - least, 1e-9)] as const;
  });
  const reach = radius + 2;
  const chart: Chart = {
    title: 'Predicted place of the match from each offset',
    x: { label: 'offset, px right', domain: [-reach, reach] },
    y: { label: 'offset, px down', domain: [-reach, reach] },
    series: [{ name: 'true match', points: [[fields.truth[0]!, fields.truth[1]!]], style: 'dots', colour: 1 }],
    arrows,
    image: true,
  };
  return { name: 'figure-4-prediction-field', charts: [chart] };
}

/** Directions of the major axis, degrees from +x towards +y, and how far from them an ellipse may lie. */
const orientationCount = [0, -45, 90, 45] as const;
const tolerancePx = 15;
/** Ellipses shown are at most this long, px², and at least this elongated. */
const longestShown = 1;
const mostElongation = 3;

function angleBetween(a: number, b: number): number {
  const difference = Math.abs(a - b) % 180;
  return Math.min(difference, 180 - difference);
}

/** Errors of templates whose predicted ellipse is elongated, by its direction (Uss 2020, figure 7). */
export function ellipseFigure(errors: readonly LocalisationError[]): Figure {
  const elongated = errors.flatMap(({ dx, dy, covariance }) => {
    if (!covariance) return [];
    const { major, minor, angle } = ellipseOf(covariance);
    return major < longestShown && major / minor > mostElongation ? [{ dx, dy, degrees: (angle * 180) / Math.PI }] : [];
  });
  const charts = orientationCount.map((orientation): Chart => {
    const own = elongated.filter(({ degrees }) => angleBetween(degrees, orientation) < tolerancePx);
    const radians = (orientation * Math.PI) / 180;
    const [c, s] = [2 * Math.cos(radians), 2 * Math.sin(radians)];
    return {
      title: `Errors where the major axis lies at ${orientation}°`,
      x: { label: 'error, px right', domain: [-2, 2] },
      y: { label: 'error, px down', domain: [-2, 2] },
      series: [
        { name: `errors (n = ${own.length})`, points: own.map(({ dx, dy }) => [dx, dy]), style: 'dots' },
        {
          name: 'major axis',
          points: [
            [-c, -s],
            [c, s],
          ],
          style: 'dashed',
          colour: 1,
        },
      ],
      image: true,
    };
  });
  return { name: 'figure-7-ellipses', charts };
}

/** Width of a bin of the densities. */
const binWidth = 0.4;
const reachPx = 5;

/** Densities of the normalised errors along both axes, beside the normal one they should have (Uss 2020, figure 8). */
export function normalisedErrorFigure(errors: readonly LocalisationError[]): Figure {
  const normalised = errors.flatMap((error) => (error.covariance ? [normalisedError(error, error.covariance)] : []));
  const bins = Math.round((2 * reachPx) / binWidth);
  const density = (axis: 0 | 1): readonly (readonly [number, number])[] => {
    const counts = new Float64Array(bins);
    for (const pair of normalised) {
      const bin = Math.floor((pair[axis] + reachPx) / binWidth);
      if (bin >= 0 && bin < bins) counts[bin]!++;
    }
    return [...counts].map((count, i) => [
      (i + 0.5) * binWidth - reachPx,
      count / (binWidth * Math.max(1, normalised.length)),
    ]);
  };
  const normal = Array.from({ length: 101 }, (_, i) => {
    const x = (i / 50 - 1) * reachPx;
    return [x, Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)] as const;
  });
  const chart: Chart = {
    title: `Normalised errors (n = ${normalised.length})`,
    x: { label: 'error over predicted deviation', domain: [-reachPx, reachPx] },
    y: { label: 'density', domain: [0, 0.8] },
    series: [
      { name: 'major axis', points: density(0) },
      { name: 'minor axis', points: density(1) },
      { name: 'N(0, 1)', points: normal, style: 'dashed', colour: 6 },
    ],
  };
  return { name: 'figure-8-normalised-errors', charts: [chart] };
}
