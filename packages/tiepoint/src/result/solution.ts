import { TiepointError, type Transform } from '@tiepoint/geometry';
import type { Verdict } from '../verdict/judge.js';
import { metadataItems } from './metadata-items.js';
import { type ProvenanceInput, provenanceSchema, registrationSchema } from './registration.js';
import { transformFromJson } from './transform-json.js';

/** What is read back of a result document: the transform and whether it may be used; the rest may be missing, and any writer's extra keys pass. */
const solutionSchema = registrationSchema
  .partial()
  .required({ version: true, verdict: true, model: true, sensedToReference: true })
  .extend({ provenance: provenanceSchema.partial().optional() });

/** One of the images a solution was made with. */
export type SolutionInput = Pick<ProvenanceInput, 'source' | 'width' | 'height' | 'geotransform' | 'crs'>;

/** A stored solution: the transform and whether it may be trusted. */
export interface Solution {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Null where the registration was refused. */
  readonly sensedToReference: Transform | null;
  /** The images, where the file says. */
  readonly reference: SolutionInput | null;
  readonly sensed: SolutionInput | null;
  /** What images made from it say of it; see {@link metadataItems}. */
  readonly items: Readonly<Record<string, string>>;
}

/**
 * Reads a solution file's text.
 * @param source its name, for messages.
 * @throws TiepointError `solution-invalid`.
 */
export function parseSolution(text: string, source: string): Solution {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TiepointError('solution-invalid', `${source} is not JSON.`, { hint: expectedHint, value: source, cause });
  }
  const parsed = solutionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const where = issue.path.length === 0 ? 'the document' : issue.path.join('.');
    throw new TiepointError('solution-invalid', `${source} is not a solution: ${where}: ${issue.message}.`, {
      hint: expectedHint,
      value: source,
    });
  }
  const { verdict, reasons = [], model, sensedToReference, parameters, provenance } = parsed.data;
  const input = (role: string): SolutionInput | null => provenance?.inputs?.find((one) => one.role === role) ?? null;
  return {
    verdict,
    reasons,
    sensedToReference: transformFromJson({ model, sensedToReference, parameters }),
    reference: input('reference'),
    sensed: input('sensed'),
    items: metadataItems(parsed.data),
  };
}

const expectedHint = 'Give the file that `tiepoint register … --solution FILE` wrote.';

/**
 * The transform of a solution that may be applied.
 * @throws TiepointError `refused` where the registration was refused or holds no transform.
 */
export function usableTransform(solution: Solution, source: string): Transform {
  if (solution.verdict === 'refuse' || solution.sensedToReference === null) {
    throw new TiepointError('refused', `${source} holds a refused registration: there is no transform to apply.`, {
      hint: solution.reasons.join(' '),
      value: source,
    });
  }
  return solution.sensedToReference;
}
