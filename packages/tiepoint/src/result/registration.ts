import { transformModels } from '@tiepoint/geometry';
import * as z from 'zod';
import type { Finding } from '../verdict/finding.js';
import { stages } from './stage-times.js';

// The contract of `tiepoint register --json` and of a solution file: types and checks come from here, so that they cannot drift apart.

const row = z.tuple([z.number(), z.number(), z.number()]).readonly();
const count = z.int().min(0);

/** 3×3 matrix as nested rows. */
const matrixRows = z.tuple([row, row, row]).readonly();

/** 1-based band number, or `luminance`. */
const band = z.union([z.int().min(1), z.literal('luminance')]);

const verdict = z.enum(['accept', 'warn', 'refuse']);

const finding = z
  .object({
    code: z.string().describe('what was found, for programs'),
    severity: z.enum(['refuse', 'warn', 'info']),
    values: z.record(z.string(), z.union([z.number(), z.string()])).describe('lengths are px of the reference'),
  })
  .readonly();

const accuracy = z
  .object({
    /** Root mean square residual of the inliers. */
    rmse: z.number(),
    /** Root mean square residual of tie points predicted by a fit they took no part in (spatial folds). */
    checkRmse: z.number(),
    /** Radius that holds 90 % of the held-out residuals of inliers. */
    ce90: z.number(),
    /** Root mean square over the overlap of the predicted standard deviation of the transform (per axis). */
    predictedSd: z.number(),
    unit: z.literal('px'),
    /** `ce90` in metres, where the reference is georeferenced. */
    ce90Metres: z.number().optional(),
  })
  .readonly();

const network = z
  .object({
    /** Pairs of the series that place the image. */
    pairs: count,
    /** Whether loops check all of its way to the reference. */
    checked: z.boolean(),
    /** Mean covariance [xx, xy, yy] of its place over the image, px². */
    covariance: row,
    /** Standard deviation of an axis, root mean square over the image. */
    predictedSd: z.number(),
    /** Radius that holds 90 % of the errors, of the mean covariance and where it is worst. */
    ce90: z.number(),
    worstCe90: z.number(),
    ce90Metres: z.number().optional(),
  })
  .readonly();

const provenanceInput = z
  .object({
    role: z.enum(['reference', 'sensed']),
    source: z.string(),
    width: z.int().min(1),
    height: z.int().min(1),
    /** Where it lies, as GDAL's geotransform, and the code of the system; absent where the file does not say. */
    geotransform: z
      .tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
      .readonly()
      .optional(),
    crs: z.string().optional(),
    band: band.optional(),
    /** The mask that was given beside the image's own validity. */
    mask: z.string().optional(),
  })
  .readonly();

const point = z.tuple([z.number(), z.number()]).readonly();

/** What a person changed: tie points by their index in the unedited registration, places in px of the files. */
const edits = z
  .object({
    off: z.array(count).readonly(),
    added: z
      .array(
        z.object({ sensed: point, reference: point, covariance: row, by: z.enum(['snapping', 'hand']) }).readonly(),
      )
      .readonly(),
    excluded: z.array(z.array(point).readonly()).readonly().describe('rings on the reference'),
    model: z.union([z.enum(transformModels), z.literal('auto')]).optional(),
  })
  .readonly();

/** What produced the answer, enough to repeat it. */
export const provenanceSchema = z.object({
  tool: z.string(),
  /** Of the network that localised the tie points; null where none did. */
  weights: z.string().nullable(),
  /** Of the networks whose keypoints the geometry came from; absent where it came from elsewhere. */
  keypointWeights: z.string().optional(),
  seed: z.number(),
  inputs: z.array(provenanceInput).readonly(),
  /** Where imported tie points come from. */
  tiePoints: z.string().optional(),
  /** The job of a batch that made it: SHA-256 of tool, weights, options and inputs. */
  job: z.string().optional(),
  /** What was changed by hand afterwards. */
  edits: edits.optional(),
});

const bandTrial = z
  .object({
    referenceBand: band,
    band,
    verdict,
    /** See `accuracy`; null where nothing was found. */
    predictedSd: z.number().nullable(),
  })
  .readonly();

const bandChoice = z.object({ referenceBand: band, band, tried: z.array(bandTrial).readonly() }).readonly();

/** The document of `tiepoint register --json` and of a solution file. */
export const registrationSchema = z.object({
  version: z.literal(1),
  verdict,
  /** Why, in words: what `findings` say. */
  reasons: z.array(z.string()).readonly(),
  /** What the verdict rests on, the weightiest first. */
  findings: z.array(finding).readonly(),
  /** Probability that the median error is below 3 px of the reference; 0 where nothing was found. */
  confidence: z.number().min(0).max(1),
  model: z.enum(transformModels),
  /** Homogeneous sensed pixel → reference pixel; null when refused and for models that are not matrices. */
  sensedToReference: matrixRows.nullable(),
  /** Parameters of a model that is not a matrix. */
  parameters: z.unknown().optional(),
  tiePoints: count,
  inliers: count,
  /** Of those, the tie points that were imported and not found. */
  imported: z.object({ tiePoints: count, inliers: count }).readonly().optional(),
  /** The bands that were chosen, and the pairs that were tried; where a band was to be chosen. */
  bands: bandChoice.optional(),
  /** Null when no transform could be estimated. */
  accuracy: accuracy.nullable(),
  /** How well a network of registrations knows where the image lies, px of the reference; of images of a series only. */
  network: network.optional(),
  seconds: z.number(),
  /** Seconds by stage, where that was asked for. */
  timings: z.partialRecord(z.enum(stages), z.number()).readonly().optional(),
  /** What found it: `grid (georeference)`, `grid (identity)`, `global search + grid`, … */
  method: z.string(),
  provenance: provenanceSchema.readonly(),
  /** What was degraded on the way: an engine not there, a mask not readable. */
  warnings: z.array(z.string()).readonly(),
  /** log10 of the expected number of equally good agreements among random matches; 0 where none was found. */
  logFalseAlarms: z.number(),
});

/** The answer of `register`: the JSON contract of `tiepoint register --json` and of a solution file. */
export type Registration = Readonly<Omit<z.infer<typeof registrationSchema>, 'findings'>> & {
  /** What the verdict rests on, the weightiest first; a reader takes any code, as later versions find more. */
  readonly findings: readonly Finding[];
};
/** How good the answer is, px of the reference (`ce90Metres`: metres, where the reference is georeferenced). */
export type Accuracy = z.infer<typeof accuracy>;
/** What produced the answer, enough to repeat it. */
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;
/** One input as it was read. */
export type ProvenanceInput = z.infer<typeof provenanceInput>;
/** A pair of bands that was tried. */
export type BandTrial = z.infer<typeof bandTrial>;
/** Which bands were matched, and which were tried. */
export type BandChoice = z.infer<typeof bandChoice>;
/** 3×3 matrix as nested rows, for JSON. */
export type MatrixRows = z.infer<typeof matrixRows>;

/** Reads a whole document as `register` wrote it; null where it is none, or of another version. */
export function parseRegistration(text: string): Registration | null {
  try {
    const parsed = registrationSchema.safeParse(JSON.parse(text));
    // Findings are the writer's: a reader takes any code.
    return parsed.success ? (parsed.data as Registration) : null;
  } catch {
    return null;
  }
}
