import { TiepointError } from '@tiepoint/geometry';
import { errorCodeOf } from '../errors/error-codes.js';
import { exitCodeOf, isAbort, isBug } from './exit-status.js';
import type { CliSession } from './session.js';

const bugHint = 'This is a bug in tiepoint. TIEPOINT_DEBUG=1 shows where it happened.';

function hintOf(error: unknown): string | undefined {
  if (isAbort(error)) return undefined;
  if (isBug(error)) return bugHint;
  return error instanceof TiepointError ? (error.hint ?? errorCodeOf(error.code).hint) : undefined;
}

/**
 * Says what went wrong on standard error, without a stack trace unless it is a bug and `TIEPOINT_DEBUG` is set, and returns the
 * exit status. With `json`, standard output gets `{ version, error: { code, message, hint, exitCode } }`.
 */
export async function reportFailure(error: unknown, session: CliSession, json: boolean): Promise<number> {
  const exitCode = exitCodeOf(error);
  session.progress('');
  const known = error instanceof TiepointError;
  const code = known ? error.code : isAbort(error) ? 'interrupted' : 'unexpected';
  const message = isAbort(error) ? 'Interrupted.' : error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  session.err(`tiepoint: ${message}${known ? ` [${code}]` : ''}`);
  if (isBug(error) && process.env['TIEPOINT_DEBUG'] !== undefined && error instanceof Error) {
    session.err(error.stack ?? '');
  } else if (hint !== undefined) {
    session.err(`  ${hint}`);
  }
  if (json) {
    const shown = { code, message, hint, exitCode };
    await session.out(`${JSON.stringify({ version: 1, error: shown }, null, 2)}\n`);
  }
  return exitCode;
}
