import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CrossFusionOptions, decodeDetector, type Detector, patchSides } from '@tiepoint/matching';
import { shippedKeypointNetworks } from 'tiepoint';
import { evaluate, meanOf, type ScoredPair } from '../evaluate.js';
import type { KeypointMethod } from '../method.js';
import { networksMethod } from '../networks-method.js';
import type { Metric } from '../score.js';
import { drawCurves, rowsByThreshold } from './by-threshold.js';
import { shortDetector, shortMatcher, type ShortTraining } from './short-training.js';
import type { Study, StudyOptions, StudyRow } from './study.js';

const defaultSteps = 300;

/** Combinations of layers of figure 6. */
const combinations = {
  cnn: { separable: false, deformable: false },
  'cnn+dcn': { separable: false, deformable: true },
  'cnn+dsc': { separable: true, deformable: false },
  all: { separable: true, deformable: true },
} as const;

/** Weights of the three scales of figure 6 (§4.3). */
const scaleWeights = {
  W1: [0, 0, 1],
  W2: [0, 1, 0],
  W3: [0.1, 0.3, 0.6],
  W4: [0.1, 0.6, 0.3],
  W5: [0.3, 0.1, 0.6],
  W6: [0.3, 0.6, 0.1],
  W7: [0.6, 0.1, 0.3],
  W8: [0.6, 0.3, 0.1],
} as const;

/** Fusion networks of Table 2. */
const fusions: Readonly<Record<string, CrossFusionOptions>> = {
  'vit-base': { layers: 4, exchange: false },
  fusion: { layers: 4 },
  'fusion-6': { layers: 6 },
  'fusion-8': { layers: 8 },
};

function trainingOf({ evaluation, places, steps }: StudyOptions, study: string): ShortTraining {
  if (places.weights === undefined) throw new Error('name the folder for the networks that are trained: --weights DIR');
  return { data: evaluation.data, folder: join(places.weights, study), steps: steps ?? defaultSteps };
}

/** Figure 6: repeatability by threshold of combinations of layers and weights of scales, each trained for as many steps. */
export const figure6: Study = async (options) => {
  const training = trainingOf(options, 'figure6');
  const names = Object.entries(combinations).flatMap(([combination, network]) =>
    Object.entries(scaleWeights).map(([scale, weights]) => ({ name: `${combination} ${scale}`, network, weights })),
  );
  const wanted = names.filter(
    ({ name }) =>
      options.methods === undefined || options.methods.some((m) => name.split(' ').includes(m) || name === m),
  );
  const methods: KeypointMethod[] = [];
  for (const { name, network, weights } of wanted) {
    const detector = await shortDetector(training, name, network, weights);
    methods.push(networksMethod({ name, detector, matcher: null }));
  }
  const scored = await evaluate(methods, { ...options.evaluation, sets: ['sar'] });
  const rows = rowsByThreshold('figure6', scored, 'repeatability');
  const { figures } = options;
  if (figures !== undefined) await drawCurves(figures, 'figure6', rows, 'repeatability');
  return rows;
};

/** Keypoints for matching to be compared on: of the detector in the folder of weights, or the shipped one's. */
async function commonDetector({ places }: StudyOptions): Promise<Detector | null> {
  const path = join(places.weights!, 'detector.safetensors');
  if (existsSync(path)) return decodeDetector(await readFile(path));
  return (await shippedKeypointNetworks())?.detector ?? null;
}

/** The variants that are named, all unless some are. */
function wantedOf<T>(
  variants: readonly (readonly [string, T])[],
  names: readonly string[] | undefined,
): readonly (readonly [string, T])[] {
  const unknown = names?.find((name) => variants.every(([variant]) => variant !== name));
  if (unknown !== undefined) {
    throw new Error(`unknown variant ${unknown}; there are ${variants.map(([name]) => name).join(', ')}`);
  }
  return variants.filter(([name]) => names?.includes(name) ?? true);
}

async function compareMatchers(
  study: string,
  variants: Readonly<Record<string, CrossFusionOptions>>,
  options: StudyOptions,
): Promise<readonly ScoredPair[]> {
  const training = trainingOf(options, study);
  const detector = await commonDetector(options);
  const methods: KeypointMethod[] = [];
  for (const [name, network] of wantedOf(Object.entries(variants), options.methods)) {
    methods.push(networksMethod({ name, detector, matcher: await shortMatcher(training, name, network) }));
  }
  return await evaluate(methods, { ...options.evaluation, sets: ['sar'] });
}

function meanRows(study: string, scored: readonly ScoredPair[], metrics: readonly Metric[]): StudyRow[] {
  const methods = [...new Set(scored.map(({ method }) => method))];
  return methods.flatMap((method) =>
    metrics.map((metric): StudyRow => {
      const { value, n } = meanOf(
        scored.filter((s) => s.method === method),
        metric,
      );
      return { study, method, of: 'all', metric, value, n };
    }),
  );
}

/** Table 2: fusion without exchange (ViT base), with, and with more layers: MMA by threshold and NN mAP, trained for as many steps. */
export const table2: Study = async (options) =>
  meanRows('table2', await compareMatchers('table2', fusions, options), [
    'mma2',
    'mma3',
    'mma4',
    'mma5',
    'mma6',
    'nnMap',
  ]);

/** §4.6: MMA at 2 px by the side of the patches, trained for as many steps. */
export const patches: Study = async (options) => {
  const variants = Object.fromEntries(patchSides.map((patch) => [`patch-${patch}`, { patch }] as const));
  return meanRows('patches', await compareMatchers('patches', variants, options), ['mma2', 'mma3', 'nnMap']);
};
