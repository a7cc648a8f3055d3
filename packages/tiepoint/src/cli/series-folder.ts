import { mkdirSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import * as z from 'zod';
import { registrationSchema } from '../result/registration.js';
import type { PairMeasurement } from '../series/measured-pair.js';
import { writeTextFile } from './outputs/write-text-file.js';

/** Where an image of a series and its solution go. */
interface SeriesOutputs {
  readonly image: string;
  readonly solution: string;
}

const numbers = z.array(z.number());

const storedPair = z.object({
  version: z.literal(1),
  id: z.string(),
  registration: registrationSchema.nullable(),
  failure: z.string().nullable(),
  jointError: z.object({ sensed: numbers, reference: numbers, covariance: numbers }).nullable(),
});

/** What the folder of a series keeps beside its outputs, so that nothing is measured twice. */
export interface SeriesFolder {
  /** Where the outputs of an image go. */
  readonly outputsOf: (image: string) => SeriesOutputs;
  /** A pair that was measured before; null where it was not. */
  readonly recall: (id: string) => Promise<PairMeasurement | null>;
  readonly keep: (id: string, pair: PairMeasurement) => void;
  /** Whether the outputs of an image are there, as a solution of that id made them. */
  readonly isDone: (outputs: SeriesOutputs, id: string, hasImage: boolean) => Promise<boolean>;
  /** Makes the names of an image's outputs free, and remembers that what comes there is the series' own. */
  readonly claim: (outputs: SeriesOutputs) => Promise<void>;
  /** @throws TiepointError `output-exists` where a file is in the way that the series has not made */
  readonly check: (outputs: SeriesOutputs) => Promise<void>;
}

const text = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The folder of a series, made where it is missing. Pairs are files named by what they are of: tool, weights, options and inputs,
 * so that of a changed input or option nothing is found.
 *
 * @param overwrite - whether files may be replaced that the series has not made
 */
export function openSeriesFolder(folder: string, overwrite: boolean): SeriesFolder {
  const state = join(folder, 'tiepoint-series');
  try {
    mkdirSync(state, { recursive: true });
  } catch (cause) {
    throw new TiepointError('output-unwritable', `${folder}: cannot be made`, { value: folder, cause });
  }
  const pairFile = (id: string): string => join(state, `pair-${id.slice(0, 32)}.json`);
  const mark = ({ image }: SeriesOutputs): string => join(state, `${basename(image)}.made`);
  return {
    outputsOf: (image) => {
      const stem = join(folder, basename(image, extname(image)));
      return { image: `${stem}-registered.tif`, solution: `${stem}-solution.json` };
    },
    recall: async (id) => {
      const found = await text(pairFile(id));
      if (found === null) return null;
      try {
        const { success, data } = storedPair.safeParse(JSON.parse(found));
        if (!success || data.id !== id) return null;
        const { registration, failure, jointError } = data;
        const typed = jointError && {
          sensed: Float64Array.from(jointError.sensed),
          reference: Float64Array.from(jointError.reference),
          covariance: Float64Array.from(jointError.covariance),
        };
        return { registration: registration as PairMeasurement['registration'], failure, jointError: typed };
      } catch {
        return null;
      }
    },
    keep: (id, { registration, failure, jointError }) => {
      const plain = jointError && {
        sensed: [...jointError.sensed],
        reference: [...jointError.reference],
        covariance: [...jointError.covariance],
      };
      writeTextFile(
        pairFile(id),
        `${JSON.stringify({ version: 1, id, registration, failure, jointError: plain })}\n`,
        true,
      );
    },
    isDone: async ({ image, solution }, id, hasImage) => {
      const written = await text(solution);
      const job = written === null ? null : /"job": "(\w+)"/.exec(written)?.[1];
      return job === id && (await exists(image)) === hasImage;
    },
    claim: async (outputs) => {
      writeTextFile(mark(outputs), '', true);
      // The solution is the mark that the image is whole: it goes first and comes last.
      await rm(outputs.solution, { force: true });
      await rm(outputs.image, { force: true });
    },
    check: async (outputs) => {
      if (overwrite || (await exists(mark(outputs)))) return;
      for (const path of [outputs.image, outputs.solution]) {
        if (!(await exists(path))) continue;
        throw new TiepointError('output-exists', `${path}: the file exists already`, {
          hint: 'Choose another folder, or allow it to be replaced (--overwrite).',
          value: path,
        });
      }
    },
  };
}
