import { z } from '@hono/zod-openapi';
import type { Job } from '@tiepoint/batch';
import type { Command } from 'commander';
import { assessCommand, type CliSession, matchCommand, registerGrammar, warpCommand } from 'tiepoint/cli';
import { optionSchemas } from './option-schema.js';

/** A file that a process writes. */
interface ProcessOutput {
  readonly title: string;
  /** Its name in the job's folder. */
  readonly file: string;
  readonly mediaType: string;
  /** Which of a job's outputs it is. */
  readonly key: 'output' | 'points' | 'report' | 'solution' | 'vectors';
}

/** What can be asked for: a command of the command line. */
export interface Process {
  readonly id: 'register' | 'match' | 'warp' | 'assess';
  readonly title: string;
  readonly description: string;
  readonly command: Command;
  /** Beside the options. */
  readonly images: readonly string[];
  readonly inputs: z.ZodObject;
  readonly outputs: Readonly<Record<string, ProcessOutput>>;
  /** Which command the pool runs; absent for `register`. */
  readonly run: Job['process'];
}

const image = z
  .union([z.string().max(2000), z.object({ href: z.string().max(2000), type: z.string().optional() })])
  .describe('a path among the data, upload:NAME, or a URL of an allowed host');

/** The commands are asked for their grammar only; they do nothing here. */
const none = {} as CliSession;

const json = 'application/json';
const document = (title: string): ProcessOutput => ({ title, file: 'result.json', mediaType: json, key: 'solution' });
const registered: ProcessOutput = {
  title: 'The sensed image on the grid of the reference',
  file: 'registered.tif',
  mediaType: 'image/tiff; application=geotiff; profile=cloud-optimized',
  key: 'output',
};
const report: ProcessOutput = { title: 'Report', file: 'report.html', mediaType: 'text/html', key: 'report' };

function process(
  id: Process['id'],
  title: string,
  command: Command,
  images: readonly string[],
  extra: Readonly<Record<string, z.ZodType>>,
  outputs: Process['outputs'],
): Process {
  const named = Object.fromEntries(images.map((name) => [name, image]));
  const inputs = z.strictObject({ ...named, ...extra, ...optionSchemas(command) });
  const run = id === 'register' ? undefined : id;
  return { id, title, description: command.description(), command, images, inputs, outputs, run };
}

const pair = ['reference', 'sensed'] as const;

/** All processes, in the order in which they are listed. */
export const processes: readonly Process[] = [
  process(
    'register',
    'Register two images',
    registerGrammar(),
    pair,
    {},
    {
      registration: document('Verdict, transform and accuracy'),
      image: registered,
      report,
    },
  ),
  process(
    'match',
    'Find tie points',
    matchCommand(none),
    pair,
    {},
    {
      match: document('What was found, and how'),
      points: { title: 'Tie points', file: 'points.geojson', mediaType: 'application/geo+json', key: 'points' },
    },
  ),
  process(
    'warp',
    'Apply the solution of a job',
    warpCommand(none),
    pair,
    { solution: z.uuid().describe('the id of a `register` job whose solution is applied') },
    { image: registered },
  ),
  process(
    'assess',
    'Measure what misregistration is left',
    assessCommand(none),
    pair,
    {},
    {
      assessment: document('The misregistration that was measured'),
      vectors: { title: 'Displacements', file: 'vectors.geojson', mediaType: 'application/geo+json', key: 'vectors' },
      report,
    },
  ),
];
