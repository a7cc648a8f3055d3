import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { confidenceFeatures, type ConfidenceFeature, confidenceOf, type Measurement } from 'tiepoint';
import { type Case, fitLogistic } from './logistic.js';
import { reliabilityOf } from './reliability.js';

// Fits the model behind `confidence` to stored registrations of training pairs, and says how it holds on those of validation pairs.
const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, '../../../results');
const modelFile = join(here, '../../../../packages/tiepoint/src/verdict/confidence-model.ts');

/** Median error that confidence speaks of, px. */
const within = 3;
/** Cost of squared weights: what a few cases say is believed less. */
const ridge = 0.02;

/** Which way each feature may only speak: an answer is never the surer for another place that fits. */
const signs: Readonly<Record<ConfidenceFeature, number>> = {
  strength: 1,
  rival: -1,
  motion: -1,
  jump: -1,
  oneSided: -1,
  uncovered: -1,
  fewAgreeing: -1,
  standsWithMarks: -1,
  pattern: -1,
  scatter: -1,
};

interface Stored {
  readonly kind: string;
  readonly errorPx: number | null;
  readonly detail: Partial<Measurement>;
}

const names = Object.keys(confidenceFeatures) as ConfidenceFeature[];

function measured(file: string): readonly (Measurement & { readonly kind: string; readonly right: boolean })[] {
  return readFileSync(join(results, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Stored)
    .flatMap(({ kind, errorPx, detail: { evidence, accuracy } }) =>
      evidence === undefined || accuracy === undefined
        ? []
        : [{ kind, evidence, accuracy, right: errorPx !== null && errorPx <= within }],
    );
}

const training = measured('trust-train-kinds.jsonl');
const cases = training.map(({ evidence, accuracy, right }): Case => ({
  features: names.map((name) => confidenceFeatures[name](evidence, accuracy)),
  right,
}));
const { constant, weights } = fitLogistic(
  cases,
  ridge,
  names.map((name) => signs[name]),
);
const rounded = (value: number): number => Number(value.toFixed(3));
const model = {
  constant: rounded(constant),
  weights: Object.fromEntries(names.map((name, i) => [name, rounded(weights[i]!)])) as Record<
    ConfidenceFeature,
    number
  >,
};
const lines = names.map((name) => `    ${name}: ${model.weights[name]},`);
writeFileSync(
  modelFile,
  `// Written by \`npm run fit-confidence\` (bench/src/trust/confidence/fit-confidence.ts), from ${cases.length} registrations of training pairs.

/** Log odds of an answer that is right: a constant, and how much a unit of each feature adds. */
export const confidenceModel = {
  constant: ${model.constant},
  weights: {
${lines.join('\n')}
  },
} as const;
`,
);

const validation = measured('trust-val-kinds.jsonl');
const forecasts = validation.map(({ evidence, accuracy, right }) => ({
  confidence: confidenceOf(evidence, accuracy, model),
  right,
}));
const reliability = {
  command: 'npm run fit-confidence',
  trainedOn: cases.length,
  right: cases.filter(({ right }) => right).length,
  model,
  validation: reliabilityOf(forecasts),
  /** Of accepting from a confidence on: what is accepted, and how much of it is wrong. */
  tradeOff: [0.5, 0.8, 0.9, 0.95, 0.98, 0.99].map((from) => {
    const accepted = forecasts.filter(({ confidence }) => confidence >= from);
    const right = forecasts.filter((one) => one.right).length;
    return {
      from,
      accepted: accepted.length,
      wrong: accepted.filter((one) => !one.right).length,
      shareOfRight: accepted.filter((one) => one.right).length / Math.max(right, 1),
    };
  }),
};
writeFileSync(join(results, 'confidence.json'), `${JSON.stringify(reliability, null, 1)}\n`);
console.log(JSON.stringify(reliability, null, 1));
