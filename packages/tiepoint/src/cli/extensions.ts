import { TiepointError } from '@tiepoint/geometry';
import { Command } from 'commander';
import type { CliSession } from './session.js';

/** A command that stands in a package of its own, which imports this one: only its name is known here. */
interface Extension {
  readonly name: string;
  readonly summary: string;
  /** Its module exports `<name>Command(session)`. */
  readonly module: string;
}

const extensions: readonly Extension[] = [
  { name: 'batch', summary: 'register many pairs, resumable', module: '@tiepoint/batch/commands' },
  { name: 'serve', summary: 'an OGC API - Processes server', module: '@tiepoint/server/commands' },
  { name: 'worker', summary: 'take pairs from a queue', module: '@tiepoint/batch/commands' },
];

/** Loads an extension's command. @throws TiepointError `usage` where its package is not installed */
async function load({ name, module }: Extension, session: CliSession): Promise<Command> {
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new TiepointError('usage', `\`tiepoint ${name}\` cannot be loaded (${(cause as Error).message})`, {
      hint: `Install its package: npm install ${module.split('/').slice(0, 2).join('/')}`,
      value: module,
      cause,
    });
  }
  return (loaded[`${name}Command`] as (session: CliSession) => Command)(session);
}

/** The commands of other packages: the one that is named, and the rest as they stand in the help. */
export function extensionCommands(session: CliSession, argv: readonly string[]): Promise<readonly Command[]> {
  const named = argv[0] === 'help' ? argv[1] : argv[0];
  return Promise.all(
    extensions.map(async (extension) =>
      extension.name === named ? load(extension, session) : new Command(extension.name).summary(extension.summary),
    ),
  );
}
