import type { Command } from 'commander';
import type { CliSession } from '../session.js';
import type { ImageOutputFlags } from './image-output-options.js';

/** What every output is written with. */
export interface OutputContext {
  readonly flags: Partial<ImageOutputFlags> & { readonly overwrite?: true | undefined };
  readonly session: CliSession;
}

/**
 * A file that a command can write. `--help`, the check before the work begins, the writing and the README's table come from lists of
 * these; what they need is loaded when they check and write.
 *
 * @typeParam C - what it is written from
 */
export interface Output<C extends OutputContext> {
  /** The flag that names its path: `points` for `--points <file>`. */
  readonly flag: string;
  /** As in the help; in brackets where it is an argument. */
  readonly option: `--${string} <file>` | `[${string}]`;
  readonly description: string;
  /** @throws TiepointError `output-unsupported`, `invalid-option`, where the path or the flags make no sense. */
  readonly check: (path: string, flags: C['flags']) => Promise<void>;
  /** Writes it; false, and nothing is written, where there is nothing to write. */
  readonly write: (path: string, context: C) => Promise<boolean>;
}

/** The outputs that flags name, with their paths. */
function named<O extends { readonly flag: string }>(
  outputs: readonly O[],
  flags: object,
): readonly (readonly [O, string])[] {
  return outputs.flatMap((output) => {
    const path = (flags as Readonly<Record<string, unknown>>)[output.flag];
    return typeof path === 'string' ? [[output, path] as const] : [];
  });
}

/** Adds the options of outputs, and `--overwrite`. */
export function addOutputOptions<C extends OutputContext>(command: Command, outputs: readonly Output<C>[]): Command {
  for (const { option, description } of outputs) if (option.startsWith('--')) command.option(option, description);
  return command.option('--overwrite', 'replace outputs that exist');
}

/**
 * Checks before the work begins that every output that flags name makes sense and can be written.
 *
 * @param inputs - paths that must not be written over
 * @throws TiepointError of each output's check, `output-exists`, `output-unwritable`, `invalid-option`
 */
export async function checkNamedOutputs<C extends OutputContext>(
  outputs: readonly Output<C>[],
  flags: C['flags'],
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const { checkOutputs } = await import('./check-outputs.js');
  const found = named(outputs, flags);
  for (const [output, path] of found) await output.check(path, flags);
  await checkOutputs(
    found.map(([, path]) => path),
    inputs.filter((path) => path !== undefined),
    flags.overwrite === true,
  );
}

/** Writes the outputs that the context's flags name, and returns the paths of those that were written. */
export async function writeNamedOutputs<C extends OutputContext>(
  outputs: readonly Output<C>[],
  context: C,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [output, path] of named(outputs, context.flags)) {
    if (await output.write(path, context)) written.push(path);
  }
  return written;
}
