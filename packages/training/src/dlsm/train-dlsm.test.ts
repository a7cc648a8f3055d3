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

it('goes on under the settings a run began with only, and names those that differ', async () => {
  await run('settled', { steps: 2, validateEvery: 2 });
  const again = (more: Partial<TrainDlsmOptions>) => run('settled', { steps: 2, validateEvery: 2, ...more });
  await again({});
  for (const [more, difference] of [
    [{ batch: 8 }, 'batch 4 there, 8 here'],
    [{ loss: 'paper' }, 'loss "ranked" there, "paper" here'],
    [{ steps: 6 }, 'steps 2 there, 6 here'],
    [{ weights: { pairs: 2 } }, 'weights.pairs not set there, 2 here'],
  ] as const) {
    await expect(again(more)).rejects.toMatchObject({
      code: 'settings-changed',
      message: expect.stringContaining(`other settings: ${difference}`) as string,
    });
  }
  // Other pairs under the same name, or other weights to start from, are another run too.
  const manifest = join(folder, 'other.jsonl');
  await writeFile(manifest, `${await readFile(join(folder, 'pairs.jsonl'), 'utf8')}\n`);
  await expect(again({ manifests: { pairs: manifest } })).rejects.toThrow(/data\.pairs "\w{16}" there, "\w{16}" here/);
  const start = decodeDlsm(await readFile(join(folder, 'settled/dlsm.safetensors'))).parameters;
  await expect(again({ start })).rejects.toThrow(/firstParameters/);
}, 120_000);

it('says that it diverged, with a hint', async () => {
  await expect(run('diverged', { learningRate: 1e38 })).rejects.toMatchObject({
    code: 'training-diverged',
    hint: expect.stringContaining('lower learning rate') as string,
  });
}, 120_000);

it('refuses a manifest without pairs to train on', async () => {
  const path = join(folder, 'none.jsonl');
  await writeFile(path, '{"id": "0", "split": "val", "reference": "0-reference.tif", "sensed": "0-sensed.tif"}\n');
  await expect(run('none', { manifests: { pairs: path } })).rejects.toMatchObject({ code: 'no-training-pairs' });
});
