import type { RegisterFlags } from '../commands/register.js';
import { statusOf } from '../registration-options.js';
import { summarise } from '../registration-summary.js';
import type { CliSession } from '../session.js';
import { registerPair, withTimes } from './register-pair.js';

/** Registers two images by the command line's options. @throws TiepointError of reading, registering and writing. */
export async function runRegister(
  referencePath: string,
  sensedPath: string,
  output: string | undefined,
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  // Of a process of its own: loading modules is part of what a user waits for.
  const start = process.uptime();
  const { result, written } = await registerPair(referencePath, sensedPath, { ...flags, output }, session);
  const { registration } = withTimes(result, { start });
  session.progress('');
  session.exitCode = statusOf(registration.verdict);
  if (flags.json) {
    await session.out(`${JSON.stringify(registration, null, 2)}\n`);
    if (!flags.quiet)
      for (const note of [...registration.reasons, ...registration.warnings]) session.err(`tiepoint: ${note}`);
  } else if (!flags.quiet) {
    await session.out(summarise(registration, written));
  }
}
