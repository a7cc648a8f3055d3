import type { Finding, FindingCode, FindingValues } from '../verdict/finding.js';

type Sentences = { readonly [C in FindingCode]: (values: FindingValues[C]) => string };

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

const vector = (dx: number, dy: number): string => `(${dx.toFixed(1)}, ${dy.toFixed(1)}) px`;

const elsewhere = ({ distance, share }: FindingValues['repeats']): string =>
  `another position, ${distance.toFixed(0)} px away, fits ${(100 * share).toFixed(0)} % as well`;

/** The one place where findings become words, for the command line, JSON and report alike. */
const sentences: Sentences = {
  'too-few-windows': () => 'too few windows have structure in both images to fit any transform',
  'beyond-max-shift': ({ limit }) =>
    `no agreement was found within ${limit.toFixed(0)} px of the start, only further off: a larger --max-shift allows it`,
  'lost-at-full-resolution': () => 'the agreement found at low resolution did not hold at full resolution',
  'too-few-tie-points': ({ model }) => `too few tie points for the model ${model}`,
  chance: ({ strength, limit }) =>
    `the agreement may be chance: images of unrelated places reach it too (strength of the evidence against chance: ${strength.toFixed(0)} decades, ${limit} are needed)`,
  'stands-with-marks': ({ share }) =>
    `both files carry the same marks at the same pixels (${percent(share)} of the area), and the answer stands still with them: the agreement may be theirs`,
  'marks-left': ({ significance }) =>
    `fine detail agrees at the very same pixels of both files, by ${significance.toFixed(0)} deviations more than beside them, though the answer moves them: they carry marks that could not be left out, and the agreement may be theirs`,
  'common-marks': ({ share }) =>
    `marks that both files carry at the same pixels were left out (${percent(share)} of the area)`,
  repeats: (values) => `the scene repeats itself: ${elsewhere(values)}, and nothing tells which is right`,
  'nearly-repeats': (values) => `the scene nearly repeats itself: ${elsewhere(values)}`,
  unlikely: ({ confidence, limit }) =>
    `of answers with such evidence ${percent(confidence)} are right to 3 px: below ${percent(limit)} they are refused`,
  doubtful: ({ confidence, limit }) =>
    `of answers with such evidence ${percent(confidence)} are right to 3 px: from ${percent(limit)} on they are accepted`,
  'stiff-model': ({ deviation, x, y, dx, dy }) =>
    `held-out tie points are off together, by ${deviation.toFixed(1)} px per axis: the model is too stiff for the scene, most around (${x.toFixed(0)}, ${y.toFixed(0)}), by ${vector(dx, dy)}`,
  'two-motions': ({ x, y, dx, dy, share }) =>
    `part of the ground moved otherwise: ${percent(share)} of it, around (${x.toFixed(0)}, ${y.toFixed(0)}) of the reference, by ${vector(dx, dy)}`,
  'one-sided': ({ half, agreeing, opposite }) =>
    `the agreement comes from one side: in the ${half} half ${percent(agreeing)} of the windows agree, in the other ${percent(opposite)}`,
  'little-covered': ({ share }) => `tie points speak for ${percent(share)} of the overlap only`,
  coverage: ({ share }) => `${percent(share)} of the overlap is near a tie point that agrees`,
  'not-connected': ({ tried }) =>
    `nothing connects the image with the reference: of ${tried} pairs none that could be used leads there`,
  'open-loop': ({ pairs, misclosure, expected }) =>
    `a loop stays open by ${misclosure.toFixed(1)} px, where ${expected.toFixed(1)} px were to be expected, and nothing tells which of its pairs is wrong: ${pairs}`,
  'left-out-pair': ({ sensed, reference, misclosure, expected }) =>
    `the pair of ${sensed} and ${reference} was left out: it is ${misclosure.toFixed(1)} px off what all others say, where ${expected.toFixed(1)} px were to be expected`,
  'through-others': ({ through, pairs }) => `placed through ${through}, ${pairs} pairs away from the reference`,
  network: ({ pairs, checked }) =>
    `${pairs} pairs of the series speak of it${checked === 'yes' ? ', and loops check them' : '; no loop checks its way to the reference'}`,
  agreement: ({ inliers, tried }) => `${inliers} of ${tried} windows agree with one geometry`,
  residuals: ({ rmse }) => `tie points that agree lie within ${rmse.toFixed(2)} px of the transform (root mean square)`,
  strength: ({ strength }) => `strength of the evidence against chance: ${strength.toFixed(0)} decades`,
  'network-contrast': ({ significance }) =>
    `the network finds the images more alike there than beside, by ${significance.toFixed(1)} standard errors`,
};

/** A finding in words. */
export function sentenceOf({ code, values }: Finding): string {
  // Each code's sentence takes its own values; the compiler cannot see that both are of one member of the union.
  return (sentences[code] as (values: Finding['values']) => string)(values);
}

/** Findings in words, in their order. */
export function reasonsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(sentenceOf);
}
