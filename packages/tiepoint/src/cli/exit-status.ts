import { TiepointError } from '@tiepoint/geometry';
import { errorCodeOf, exitCodeOfCategory, exitCodes } from '../errors/error-codes.js';

/** The exit status for an error: that of its code's category; what has no code of tiepoint's is a bug. */
export function exitCodeOf(error: unknown): number {
  if (isAbort(error)) return exitCodes.interrupted;
  if (!(error instanceof TiepointError)) return exitCodes.unexpected;
  return exitCodeOfCategory[errorCodeOf(error.code).category];
}

/** Whether the error says that an `AbortSignal` fired. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Whether the error is a fault of the program and not of what it was given. */
export function isBug(error: unknown): boolean {
  if (isAbort(error)) return false;
  return !(error instanceof TiepointError) || errorCodeOf(error.code).category === 'internal';
}
