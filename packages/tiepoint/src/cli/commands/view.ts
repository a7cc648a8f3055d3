import { Command } from 'commander';
import { parsePort } from '../option-parsers.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint view`. */
export interface ViewFlags {
  readonly open: boolean;
  readonly port: number;
}

/** `tiepoint view`. */
export function viewCommand(session: CliSession): Command {
  return new Command('view')
    .summary('look at images and a registration in the browser, and mend it')
    .description(
      'Serves the viewer on this machine (127.0.0.1) and opens it in the browser. The page can read the files that are ' +
        'named and nothing else; they never leave the machine. Ctrl-C ends it.',
    )
    .argument(
      '[files...]',
      'a reference and a sensed image (files, URLs, assets of STAC items), or a solution file (.json), or nothing',
    )
    .option('--no-open', 'only print the address')
    .option('--port <n>', 'the port; any that is free unless named', parsePort, 0)
    .addHelpText(
      'after',
      `
The address can be opened once. Images that a solution names are looked for where it says and beside it.

Examples:
  tiepoint view optical.tif sar.tif
  tiepoint view solution.json
  tiepoint view optical.tif item.json#vv
  tiepoint view https://example.org/optical.tif sar.tif --no-open`,
    )
    .action(async (files: string[], flags: ViewFlags) => {
      const { runView } = await import('../actions/view-files.js');
      await runView(files, flags, session);
    });
}
