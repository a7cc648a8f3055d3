import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPairManifest } from './manifest.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function manifest(text: string): Promise<string> {
  const path = join(folder, 'pairs.jsonl');
  await writeFile(path, text);
  return path;
}

it('fills in what a line leaves out', async () => {
  const path = await manifest('{"id": "a", "split": "train", "reference": "x.tif", "sensed": "y.tif"}\n\n');
  expect(await readPairManifest(path)).toEqual([
    {
      id: 'a',
      split: 'train',
      modality: 'unknown',
      reference: 'x.tif',
      sensed: 'y.tif',
      referenceToSensed: [1, 0, 0, 0, 1, 0],
      alignmentErrorPx: 1,
      group: 'a',
      set: 'pairs',
    },
  ]);
});

it.each([
  ['{"id": "a", "split": "test", "reference": "x", "sensed": "y"}', /:2: split/],
  ['{"id": "a", "split": "val", "sensed": "y"}', /:2: reference/],
  [
    '{"id": "a", "split": "val", "reference": "x", "sensed": "y", "referenceToSensed": [1, 0]}',
    /:2: referenceToSensed/,
  ],
  ['not json', /:2 is not JSON/],
])('names line and field of what is wrong: %s', async (line, message) => {
  const path = await manifest(`{"id": "a", "split": "val", "reference": "x", "sensed": "y"}\n${line}\n`);
  await expect(readPairManifest(path)).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringMatching(message) as string,
  });
});

it('says which manifest is missing', async () => {
  await expect(readPairManifest(join(folder, 'none.jsonl'))).rejects.toMatchObject({ code: 'file-not-found' });
});
