import { z } from '@hono/zod-openapi';
import type { Command, Option } from 'commander';
import { parseCount, parsePositive, parseSeed } from 'tiepoint/cli';

/** Options that name files, or that say what the server itself decides. */
const ofTheServer = new Set([
  'json',
  'quiet',
  'overwrite',
  'series',
  'neighbours',
  'bands',
  'to-band',
  'output-folder',
  'mask',
  'reference-mask',
  'tie-points',
  'tie-points-sd',
  'weights',
  'detector',
  'matcher',
  'dem',
  'rpc',
  'marks',
  'accuracy',
  'solution',
  'points',
  'report',
  'vectors',
  'reference',
  'co',
]);

/** The name of an option in a request: without dashes and, as `--no-georeference` says, positive. */
function nameOf({ long }: Option): string {
  return (long ?? '').replace(/^--(no-)?/, '');
}

function schemaOf(option: Option): z.ZodType {
  const { argChoices, parseArg } = option;
  const about = option.description;
  if (option.isBoolean() || option.negate) return z.boolean().default(option.negate).describe(about);
  if (argChoices !== undefined) return z.enum(argChoices as [string, ...string[]]).describe(about);
  const parser: unknown = parseArg;
  if (parser === parseCount) return z.int().min(1).describe(about);
  if (parser === parseSeed) return z.int().min(0).describe(about);
  if (parser === parsePositive) return z.number().positive().describe(about);
  // A band: a number, a name, or `auto`.
  if (option.long?.endsWith('band')) return z.union([z.int().min(1), z.string().min(1).max(200)]).describe(about);
  return z.string().max(2000).describe(about);
}

/** The options of a command that a request may give, as schemas: they come from the command line's own grammar. */
export function optionSchemas(command: Command): Readonly<Record<string, z.ZodType>> {
  const options = command.options.filter((option) => !ofTheServer.has(nameOf(option)) && nameOf(option) !== '');
  return Object.fromEntries(options.map((option) => [nameOf(option), schemaOf(option).optional()]));
}

/**
 * The flags that a command would have of such options.
 *
 * @param values - by the names of {@link optionSchemas}, and checked by them
 */
export function flagsOf(command: Command, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const option of command.options) {
    if (option.defaultValue !== undefined) flags[option.attributeName()] = option.defaultValue as unknown;
    if (option.negate && flags[option.attributeName()] === undefined) flags[option.attributeName()] = true;
    const value = values[nameOf(option)];
    if (value !== undefined && !ofTheServer.has(nameOf(option))) flags[option.attributeName()] = value;
  }
  return flags;
}
