import { TiepointError } from '@tiepoint/geometry';
import { exitCodeOf, exitCodes, isAbort } from './exit-codes.js';
import type { CliSession } from './session.js';

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
  const hint = known ? error.hint : undefined;
  session.err(`tiepoint: ${message}${known ? ` [${code}]` : ''}`);
  if (hint !== undefined) session.err(`  ${hint}`);
  if (exitCode === exitCodes.unexpected) {
    if (process.env['TIEPOINT_DEBUG'] !== undefined && error instanceof Error) session.err(error.stack ?? '');
    else session.err('  This is a bug in tiepoint. TIEPOINT_DEBUG=1 shows where it happened.');
  }
  if (json) {
    const shown = { code, message, ...(hint === undefined ? {} : { hint }), exitCode };
    await session.out(`${JSON.stringify({ version: 1, error: shown }, null, 2)}\n`);
  }
  return exitCode;
}
