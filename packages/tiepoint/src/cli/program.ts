import { Command } from 'commander';
import { assessCommand } from './commands/assess.js';
import { detectCommand } from './commands/detect.js';
import { infoCommand } from './commands/info.js';
import { matchCommand } from './commands/match.js';
import { modelsCommand } from './commands/models.js';
import { registerCommand } from './commands/register.js';
import { trainCommand } from './commands/train.js';
import { transformCommand } from './commands/transform.js';
import { viewCommand } from './commands/view.js';
import { warpCommand } from './commands/warp.js';
import { extensionCommands } from './extensions.js';
import type { CliSession } from './session.js';
import { toolVersion } from './version.js';

const description =
  'Registers satellite and aerial images across sensors (optical, SAR, infrared, elevation, maps, dates), and says how far the ' +
  'answer may be trusted.';

/** Lines of help are no longer than this, and no longer than the terminal is wide. */
const longestLine = 110;

const epilogue = `
Exit status:
  0    done; a registration was accepted
  1    unexpected error
  2    the command line is wrong, or an output cannot be written or exists (see --overwrite)
  3    an input cannot be read or is not supported
  4    the registration was refused: the agreement found may be chance; no image was written
  5    the registration was written with a warning: see its reasons
  6    a model is missing or invalid
  130  interrupted

Examples:
  tiepoint register optical.tif sar.tif sar-registered.tif
  tiepoint register optical.tif sar.tif --json --report report.html
  tiepoint transform --solution solution.json < points.txt

Pixel coordinates are (x, y) from the outer corner of the first pixel, whose centre is (0.5, 0.5), as in GDAL.`;

/**
 * The command line's grammar; the commands themselves are loaded when they run, and those of other packages when they are named.
 *
 * @param argv - the words that will be parsed
 * @throws TiepointError `usage` where a package is named that is not installed
 */
export async function buildProgram(session: CliSession, argv: readonly string[]): Promise<Command> {
  const program = new Command('tiepoint')
    .description(description)
    .version(toolVersion, '-V, --version')
    .addHelpText('after', epilogue)
    .showHelpAfterError('Run with --help for the options.')
    .configureHelp({ helpWidth: Math.min(longestLine, process.stdout.columns || longestLine) });
  const commands = [
    registerCommand,
    matchCommand,
    warpCommand,
    assessCommand,
    viewCommand,
    transformCommand,
    detectCommand,
    infoCommand,
    modelsCommand,
    trainCommand,
  ];
  for (const command of commands) program.addCommand(command(session));
  for (const command of await extensionCommands(session, argv)) program.addCommand(command);
  const nested = program.commands.flatMap(({ commands: inner }) => inner);
  for (const command of [...program.commands, ...nested]) command.copyInheritedSettings(program);
  for (const command of [program, ...program.commands, ...nested]) {
    command.exitOverride().configureOutput({ writeErr: (text) => session.err(text.trimEnd()) });
  }
  return program;
}
