import { createHash } from 'node:crypto';

/** What a job's identity rests on. */
export interface JobIdentity {
  readonly tool: string;
  readonly weights: string;
  /** Options of `register`; those that change no result are left out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Each input's place and what says that it is still the same. */
  readonly inputs: readonly (readonly [role: string, source: string, state: string])[];
  /** Where the solution goes, seen from the batch's folder: two rows may want the same in two places. */
  readonly solution: string;
}

/** Options that change no result. */
const withoutEffect = new Set([
  'json',
  'quiet',
  'overwrite',
  'series',
  'neighbours',
  'bands',
  'toBand',
  'outputFolder',
]);

/** SHA-256 of a job's identity, in hexadecimal; the order of options does not matter. */
export function jobId({ options, ...identity }: JobIdentity): string {
  const effective = Object.entries(options)
    .filter(([name, value]) => value !== undefined && !withoutEffect.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([identity.tool, identity.weights, effective, identity.inputs, identity.solution]))
    .digest('hex');
}
