import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeDlsm, paperNetwork } from '@tiepoint/matching';
import { writeGeoTiff } from '@tiepoint/raster';
// As built: workers load the compiled sampler.
import { trainDlsm, type TrainDlsmOptions } from '@tiepoint/training';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toPlane } from '../data/training-image.js';
import { generatedPair } from '../testing/generated-pair.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-dlsm-'));
  const lines: string[] = [];
  for (const [i, split] of ['train', 'train', 'val', 'val'].entries()) {
    const pair = generatedPair(i + 1, 96);
    for (const side of ['reference', 'sensed'] as const) {
      const { width, height } = pair[side];
      const bands = [toPlane(pair[side])];
      await writeGeoTiff(join(folder, `${i}-${side}.tif`), { width, height, dataType: 'uint8', bands });
    }
    // Known so well that nothing is aligned, which has a test of its own.
    const record = { id: String(i), split, reference: `${i}-reference.tif`, sensed: `${i}-sensed.tif` };
    lines.push(JSON.stringify({ ...record, alignmentErrorPx: 0.1 }));
  }
  await writeFile(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const run = async (name: string, more: Partial<TrainDlsmOptions> = {}): Promise<readonly number[]> => {
  const out = join(folder, name);
  await mkdir(out, { recursive: true });
  await trainDlsm({
    manifests: { pairs: join(folder, 'pairs.jsonl') },
    out,
    network: paperNetwork,
    loss: 'ranked',
    steps: 4,
    batch: 4,
    learningRate: 1e-3,
    seed: 1,
    validateEvery: 4,
    provenance: 'a test',
    ...more,
  });
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { loss: number }).loss);
};

it('writes weights, records and calibration, and resumes with the very losses of an uninterrupted run', async () => {
  const whole = await run('whole');
  const out = join(folder, 'whole');
  const dlsm = decodeDlsm(await readFile(join(out, 'dlsm.safetensors')));
  expect(dlsm.network).toBe(paperNetwork);
  expect(dlsm.temperature).toBeGreaterThan(0);
  expect(dlsm.provenance).toBe('a test, step 4 of 4, seed 1');
  const [validation] = (await readFile(join(out, 'validation.jsonl'), 'utf8')).trim().split('\n');
  expect(JSON.parse(validation!)).toMatchObject({ step: 4, rows: [{ set: 'pairs' }] });

  const abort = new AbortController();
  const parts = run('parts', {
    signal: abort.signal,
    onProgress: ({ step }) => {
      if (step === 1) abort.abort();
    },
  });
  await expect(parts).rejects.toMatchObject({ name: 'AbortError' });
  expect(await run('parts')).toEqual(whole);
}, 120_000);

it('refuses a manifest without pairs to train on', async () => {
  const path = join(folder, 'none.jsonl');
  await writeFile(path, '{"id": "0", "split": "val", "reference": "0-reference.tif", "sensed": "0-sensed.tif"}\n');
  await expect(run('none', { manifests: { pairs: path } })).rejects.toMatchObject({ code: 'no-training-pairs' });
});
