import { readFile } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';
import * as z from 'zod';

const split = z.enum(['train', 'val']);

const pairRecord = z.object({
  id: z.string().min(1),
  split,
  modality: z.string().default('unknown'),
  reference: z.string(),
  sensed: z.string(),
  mask: z.string().optional(),
  referenceToSensed: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).optional(),
  alignmentErrorPx: z.number().nonnegative().default(1),
  group: z.string().optional(),
  set: z.string().optional(),
});

const stackRecord = z.object({
  file: z.string(),
  split,
  group: z.string(),
  bands: z.array(z.string()).nullish(),
  alignmentErrorPx: z.number().nonnegative().default(0.5),
});

/** A line of `pairs.jsonl`: two images of one place, and where a reference pixel lies in the sensed image. */
export interface PairRecord {
  readonly id: string;
  readonly split: 'train' | 'val';
  readonly modality: string;
  /** Files, relative to the manifest's folder. */
  readonly reference: string;
  readonly sensed: string;
  /** Marks valid pixels of the reference grid (not 0). */
  readonly mask?: string;
  /** `[a, b, c, d, e, f]`: `xs = a·xr + b·yr + c`, `ys = d·xr + e·yr + f`, corner convention; the identity unless given. */
  readonly referenceToSensed: readonly [number, number, number, number, number, number];
  /** How good that is, px. */
  readonly alignmentErrorPx: number;
  /** The place: splits and folds go by it. */
  readonly group: string;
  /** What figures are given for: the name of the folder unless given. */
  readonly set: string;
}

/** A line of `stacks.jsonl`: a file whose bands show the same place; so do files of one group. */
export interface StackRecord {
  readonly file: string;
  readonly split: 'train' | 'val';
  readonly group: string;
  /** How good the alignment of its bands is, px. */
  readonly alignmentErrorPx: number;
}

async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TiepointError('file-not-found', `cannot read the manifest ${path}`, {
      hint: 'a manifest is a text file with one JSON document a line; see docs/training.md',
      value: path,
      cause,
    });
  }
  const records: T[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const hint = 'see docs/training.md for the fields of a line';
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new TiepointError('invalid-manifest', `${path}:${i + 1} is not JSON`, { hint, value: line, cause });
    }
    const result = schema.safeParse(value);
    if (!result.success) {
      const [issue] = result.error.issues;
      const message = `${path}:${i + 1}: ${issue!.path.join('.') || 'the line'}: ${issue!.message}`;
      throw new TiepointError('invalid-manifest', message, { hint, value });
    }
    records.push(result.data);
  }
  return records;
}

/**
 * Reads a manifest of pairs.
 *
 * @param path - a file of one JSON document a line; paths within are relative to its folder
 * @throws TiepointError `file-not-found`, or `invalid-manifest` naming line and field
 */
export async function readPairManifest(path: string): Promise<readonly PairRecord[]> {
  const records = await readLines(path, pairRecord);
  return records.map(({ referenceToSensed = [1, 0, 0, 0, 1, 0], mask, ...record }) => {
    const folder = record.reference.includes('/') ? record.reference.split('/')[0]! : 'pairs';
    const set = record.set ?? folder;
    return {
      ...record,
      set,
      group: record.group ?? record.id,
      referenceToSensed,
      ...(mask === undefined ? {} : { mask }),
    };
  });
}

/** Reads a manifest of stacks. @throws As {@link readPairManifest}. */
export async function readStackManifest(path: string): Promise<readonly StackRecord[]> {
  return (await readLines(path, stackRecord)).map(({ file, split: part, group, alignmentErrorPx }) => ({
    file,
    split: part,
    group,
    alignmentErrorPx,
  }));
}
