/** A stated probability and what became of it. */
export interface Forecast {
  readonly confidence: number;
  readonly right: boolean;
}

/** Forecasts of about the same confidence. */
interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly confidence: number;
  readonly right: number;
}

/** How well probabilities hold. */
export interface Reliability {
  readonly n: number;
  /** Mean squared difference between probability and outcome: 0 is perfect, 0.25 a coin. */
  readonly brier: number;
  /** Mean over forecasts of the difference between the stated and the observed share of their bin. */
  readonly expectedCalibrationError: number;
  readonly bins: readonly ReliabilityBin[];
}

const edges = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 1];

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Compares stated probabilities with what became of them. */
export function reliabilityOf(forecasts: readonly Forecast[]): Reliability {
  const outcome = ({ right }: Forecast): number => (right ? 1 : 0);
  const bins = edges.slice(1).map((to, i): ReliabilityBin => {
    const from = edges[i]!;
    const own = forecasts.filter(({ confidence }) => confidence >= from && (confidence < to || to === 1));
    return {
      from,
      to,
      n: own.length,
      confidence: mean(own.map(({ confidence }) => confidence)),
      right: mean(own.map(outcome)),
    };
  });
  return {
    n: forecasts.length,
    brier: mean(forecasts.map((one) => (one.confidence - outcome(one)) ** 2)),
    expectedCalibrationError:
      bins.reduce((sum, bin) => sum + bin.n * Math.abs(bin.confidence - bin.right), 0) / Math.max(forecasts.length, 1),
    bins: bins.filter(({ n }) => n > 0),
  };
}
