import { identity, invertTransform, type TransformModel } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import { metresPerPixel } from '../result/ground-distance.js';
import type { RegisterOptions } from '../inputs/register-options.js';
import { register } from '../register.js';
import { straighten } from '../inputs/straighten.js';
import { georeferencedStart } from '../inputs/start-geometry.js';
import type { Accuracy, Provenance } from '../result/registration.js';
import type { RegistrationResult } from '../result/registration-result.js';
import type { Verdict } from '../verdict/judge.js';
import { displacementsOf, type DisplacementVector } from './displacements.js';
import { terrainAt } from './terrain.js';
import { type Trend, trendsOf } from './trends.js';

/** How far a sensed image lies from where it belongs, as the files place it; px of the reference. */
export interface Misregistration {
  /** Mean of where things are shown minus where they belong, along x and y. */
  readonly meanX: number;
  readonly meanY: number;
  /** Root mean square length, and what is left of it once the mean shift is taken out. */
  readonly rmse: number;
  readonly rmseAboutMean: number;
  readonly median: number;
  /** Radius that holds 90 % of the displacements. */
  readonly ce90: number;
  readonly largest: number;
  readonly unit: 'px';
  /** Metres, where the reference is georeferenced. */
  readonly ce90Metres?: number;
}

/** The answer of {@link assess}. */
export interface Assessment {
  readonly version: 1;
  /** Whether the measurement may be believed: that of the registration it rests on. */
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** How the files place the sensed image: by their georeferences, or pixel on pixel. */
  readonly placement: 'georeference' | 'pixel';
  /** Null where the verdict is `refuse`. */
  readonly misregistration: Misregistration | null;
  /** What a registration would leave: the model, and how far tie points miss that it has not seen. Null where refused. */
  readonly afterwards: (Accuracy & { readonly model: TransformModel }) | null;
  /** Predicted standard deviation of the measurement itself, px of the reference. */
  readonly predictedSd: number | null;
  /** The displacement at each tie point that agrees; none where refused. */
  readonly vectors: readonly DisplacementVector[];
  /** How the displacement depends on column and row, and with a DEM on elevation and slope of the ground. */
  readonly trends: readonly Trend[];
  readonly tiePoints: number;
  readonly inliers: number;
  readonly seconds: number;
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
}

/** What an assessment is made with. */
export interface AssessOptions extends RegisterOptions {
  /** Heights of the ground, to see what displacements have to do with it. */
  readonly dem?: RasterFile | undefined;
}

/** Sums displacements up. Null where there are none. */
export function summariseDisplacements(
  vectors: readonly DisplacementVector[],
  metres: number | null,
): Misregistration | null {
  const moved = vectors.map(({ displacement }) => displacement);
  const count = moved.length;
  if (count === 0) return null;
  const mean = (of: (d: readonly [number, number]) => number): number =>
    moved.reduce((sum, d) => sum + of(d), 0) / count;
  const meanX = mean(([x]) => x);
  const meanY = mean(([, y]) => y);
  const lengths = moved.map(([x, y]) => Math.hypot(x, y)).toSorted((a, b) => a - b);
  const at = (share: number): number => lengths[Math.min(count - 1, Math.ceil(share * count) - 1)]!;
  const ce90 = at(0.9);
  return {
    meanX,
    meanY,
    rmse: Math.sqrt(mean(([x, y]) => x * x + y * y)),
    rmseAboutMean: Math.sqrt(mean(([x, y]) => (x - meanX) ** 2 + (y - meanY) ** 2)),
    median: at(0.5),
    ce90,
    largest: lengths.at(-1)!,
    unit: 'px',
    ...(metres === null ? {} : { ce90Metres: ce90 * metres }),
  };
}

/** How far the sensed image lies from where it belongs, from a registration of it. A refused one has no vectors. */
export async function assessmentOf(
  reference: RasterFile,
  sensed: RasterFile,
  { registration, tiePoints }: Pick<RegistrationResult, 'registration' | 'tiePoints'>,
  options: Pick<AssessOptions, 'georeference' | 'dem' | 'signal'> = {},
): Promise<Assessment> {
  const placed = options.georeference === false ? null : await georeferencedStart(reference, sensed);
  const start = placed && placed.referenceToSensed;
  const { bends } = straighten(reference, sensed, { georeference: options.georeference });
  const placement = start === null ? identity : invertTransform(start);
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  const refused = registration.verdict === 'refuse' || placement === null;
  const vectors = refused ? [] : displacementsOf(tiePoints, placement, bends);
  const pixels = Float64Array.from(vectors.flatMap((vector) => vector.reference));
  const terrain = options.dem === undefined ? null : await terrainAt(reference, pixels, options.dem, options.signal);
  const { accuracy } = registration;
  return {
    version: 1,
    verdict: registration.verdict,
    reasons: registration.reasons,
    placement: start === null ? 'pixel' : 'georeference',
    misregistration: summariseDisplacements(vectors, metres),
    afterwards: refused || accuracy === null ? null : { model: registration.model, ...accuracy },
    predictedSd: refused ? null : (accuracy?.predictedSd ?? null),
    vectors,
    trends: trendsOf(vectors, terrain),
    tiePoints: registration.tiePoints,
    inliers: registration.inliers,
    seconds: registration.seconds,
    provenance: registration.provenance,
    warnings: registration.warnings,
  };
}

/**
 * Measures how far the sensed image lies from where it belongs, as the files place it: by their georeferences where both have
 * one, otherwise pixel on pixel. Changes nothing.
 *
 * @throws TiepointError what `register` throws
 */
export async function assess(
  reference: RasterFile,
  sensed: RasterFile,
  options: AssessOptions = {},
): Promise<Assessment> {
  return assessmentOf(reference, sensed, await register(reference, sensed, options), options);
}
