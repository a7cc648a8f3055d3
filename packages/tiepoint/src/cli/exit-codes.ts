import { TiepointError } from '@tiepoint/geometry';

/** The exit statuses of the command line; scripts depend on them. */
export const exitCodes = {
  accepted: 0,
  unexpected: 1,
  usage: 2,
  input: 3,
  refused: 4,
  warned: 5,
  model: 6,
  interrupted: 130,
  /** As shells count a process that SIGTERM ended. */
  terminated: 143,
} as const;

/** Error codes that blame the command line itself: what was asked for, or where it should go. */
const usageCodes: ReadonlySet<string> = new Set([
  'usage',
  'invalid-option',
  'invalid-size',
  'no-such-band',
  'output-exists',
  'output-unwritable',
  'output-unsupported',
  'output-too-large',
  'disk-full',
]);

/** Error codes of weights and networks. */
const modelCodes: ReadonlySet<string> = new Set([
  'model-missing',
  'model-invalid',
  'weights-missing',
  'weights-invalid',
]);

/** Error codes of faults in the program and not in what it was given. */
const internalCodes: ReadonlySet<string> = new Set(['internal', 'invalid-covariance', 'engine-unavailable']);

/**
 * The exit status for an error. A `TiepointError` that is neither about usage nor about models is about the input;
 * anything else is a bug.
 */
export function exitCodeOf(error: unknown): number {
  if (isAbort(error)) return exitCodes.interrupted;
  if (!(error instanceof TiepointError)) return exitCodes.unexpected;
  if (error.code === 'refused') return exitCodes.refused;
  if (usageCodes.has(error.code)) return exitCodes.usage;
  if (modelCodes.has(error.code)) return exitCodes.model;
  if (internalCodes.has(error.code)) return exitCodes.unexpected;
  return exitCodes.input;
}

/** Whether the error says that an `AbortSignal` fired. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
