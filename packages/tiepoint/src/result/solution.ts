import { type Geotransform, TiepointError, type Transform, transformModels } from '@tiepoint/geometry';
import * as z from 'zod';
import type { MatrixRows, Verdict } from '../register/types.js';
import { transformFromJson } from './transform-json.js';

const row = z.tuple([z.number(), z.number(), z.number()]);

/** What is read back of a result document: any writer's extra keys pass. */
const solutionSchema = z.object({
  version: z.literal(1),
  verdict: z.enum(['accept', 'warn', 'refuse']),
  reasons: z.array(z.string()).default([]),
  model: z.enum(transformModels),
  sensedToReference: z.tuple([row, row, row]).nullable(),
  parameters: z.unknown().optional(),
  provenance: z
    .object({
      inputs: z.array(
        z.object({
          role: z.string(),
          source: z.string(),
          width: z.number(),
          height: z.number(),
          geotransform: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).optional(),
          crs: z.string().optional(),
        }),
      ),
    })
    .optional(),
});

/** One of the images a solution was made with. */
export interface SolutionInput {
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** Where it lay, as GDAL's geotransform, where it was georeferenced. */
  readonly geotransform?: Geotransform | undefined;
  /** The code of its system, where it has one. */
  readonly crs?: string | undefined;
}

/** A stored solution: the transform and whether it may be trusted. */
export interface Solution {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Null where the registration was refused. */
  readonly sensedToReference: Transform | null;
  /** The images, where the file says. */
  readonly reference: SolutionInput | null;
  readonly sensed: SolutionInput | null;
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
  const { verdict, reasons, model, sensedToReference, parameters, provenance } = parsed.data;
  const input = (role: string): SolutionInput | null => provenance?.inputs.find((one) => one.role === role) ?? null;
  return {
    verdict,
    reasons,
    sensedToReference: transformFromJson({
      model,
      sensedToReference: sensedToReference as MatrixRows | null,
      parameters,
    }),
    reference: input('reference'),
    sensed: input('sensed'),
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
