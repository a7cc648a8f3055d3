import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type CrossFusionOptions,
  decodeDetector,
  decodeMatcher,
  type TableNetworkOptions,
  type Detector,
  type Matcher,
} from '@tiepoint/matching';
import { type RunOptions, trainDetector, trainMatcher } from '@tiepoint/training';

/** What all variants of a study have in common, so that only the variant differs. */
export interface ShortTraining {
  /** Folder of manifests. */
  readonly data: string;
  /** Folder with one folder for each variant. */
  readonly folder: string;
  readonly steps: number;
}

const seed = 1;
/** How much of each set is drawn; others count 1. */
const setWeights = { s1s2: 1.2, 'global-dem': 0.3 } as const;

/** Says how far a run is, every so many steps. */
function runOptions(variant: string, out: string, steps: number, learningRate: number): RunOptions {
  const every = Math.max(1, Math.floor(steps / 10));
  return {
    out,
    steps,
    learningRate,
    seed,
    validateEvery: steps,
    provenance: variant,
    onMessage: (text) => console.error(`${variant}: ${text}`),
    onProgress: ({ step, loss, secondsLeft }) => {
      if (step % every === 0) {
        console.error(
          `${variant} ${step}/${steps}: loss ${loss.toFixed(3)}, ${(secondsLeft / 60).toFixed(0)} min left`,
        );
      }
    },
  };
}

/**
 * Weights of a variant: those that a run of as many steps left in its folder, else trained. Pairs are aligned once for all variants.
 */
async function weightsOf(
  { folder, steps }: ShortTraining,
  variant: string,
  file: string,
  train: (out: string) => Promise<unknown>,
): Promise<Uint8Array> {
  const out = join(folder, `${variant}-${steps}`.replaceAll(/[^\w.-]/g, '_'));
  const [path, shared, own] = [join(out, file), join(folder, 'alignments.jsonl'), join(out, 'alignments.jsonl')];
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(shared) && !existsSync(own)) await copyFile(shared, own);
  // Written at the end of the run and at no other time: there is one validation.
  if (!existsSync(path)) await train(out);
  if (!existsSync(shared) && existsSync(own)) await copyFile(own, shared);
  return await readFile(path);
}

function manifestsIn(data: string): { readonly pairs: string; readonly stacks: string } {
  return { pairs: join(data, 'pairs.jsonl'), stacks: join(data, 'stacks.jsonl') };
}

/** A detection network of a quarter of the paper's channels, trained for a study. */
export async function shortDetector(
  training: ShortTraining,
  variant: string,
  network: TableNetworkOptions,
  scaleWeights: readonly [number, number, number],
): Promise<Detector> {
  const file = await weightsOf(training, variant, 'detector.safetensors', (out) =>
    trainDetector({
      ...runOptions(variant, out, training.steps, 0.002),
      manifests: manifestsIn(training.data),
      network: { kind: 'table1', width: 0.25, ...network },
      scaleWeights,
      batch: 4,
      side: 128,
      weights: setWeights,
    }),
  );
  return decodeDetector(file);
}

/** A cross-fusion network trained for a study. */
export async function shortMatcher(
  training: ShortTraining,
  variant: string,
  network: CrossFusionOptions,
): Promise<Matcher> {
  const file = await weightsOf(training, variant, 'matcher.safetensors', (out) =>
    trainMatcher({
      ...runOptions(variant, out, training.steps, 0.0012),
      manifests: manifestsIn(training.data),
      network,
      batch: 2,
      weights: setWeights,
    }),
  );
  return decodeMatcher(file);
}
