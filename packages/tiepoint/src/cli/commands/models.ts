import { Command } from 'commander';
import type { CliSession } from '../session.js';

/** `tiepoint models`. */
export function modelsCommand(session: CliSession): Command {
  return new Command('models')
    .summary('list the networks that come with tiepoint')
    .description('Lists the networks that come with tiepoint, and where their weights come from.')
    .option('--json', 'write one JSON document')
    .action(async (flags: { readonly json?: true }) => {
      const { runModels } = await import('../actions/list-models.js');
      await runModels(flags, session);
    });
}
