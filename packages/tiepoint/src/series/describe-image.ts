import { jacobianAt } from '@tiepoint/geometry';
import type { PlacedImage } from '../inputs/start-geometry.js';
import type { Accuracy, ProvenanceInput, Registration } from '../result/registration.js';
import { tool } from '../result/tool.js';
import { transformToJson } from '../result/transform-json.js';
import { reasonsOf } from '../result/words.js';
import { type Finding, finding } from '../verdict/finding.js';
import { judgementOf } from '../verdict/judge.js';
import type { MeasuredPair } from './measured-pair.js';
import { placeAccuracy } from './place-accuracy.js';
import type { ImagePlace, PairOutcome, SeriesNetwork } from './solve-network.js';

/** What the documents of a series are made of. */
export interface SeriesContext {
  /** The reference first, then the images. */
  readonly images: readonly PlacedImage[];
  readonly network: SeriesNetwork;
  /** Metres per px of the reference; null where nothing says. */
  readonly metres: number | null;
}

const touches = ({ pair }: PairOutcome, image: number): boolean => pair.sensed === image || pair.reference === image;

const isUsed = (outcome: PairOutcome, image: number): boolean =>
  touches(outcome, image) && (outcome.state === 'used' || outcome.state === 'in-doubt');

/** What the network found of the pairs of an image. */
function pairFindings(image: number, { images, network }: SeriesContext, isChecked: boolean): readonly Finding[] {
  const nameOf = (number: number): string => images[number]!.name;
  const own = network.pairs.filter((outcome) => touches(outcome, image));
  const leftOut = own.flatMap(({ pair, state, check }) => {
    if (state !== 'left-out' || check === null) return [];
    const { misclosure, expected } = check;
    const values = { sensed: nameOf(pair.sensed), reference: nameOf(pair.reference), misclosure, expected };
    return [finding('left-out-pair', isChecked ? 'info' : 'warn', values)];
  });
  const doubtful = own.find(({ state }) => state === 'in-doubt');
  if (doubtful?.check == null) return leftOut;
  const { misclosure, expected, statistic } = doubtful.check;
  const loop = network.pairs.filter(
    ({ state, check }) => state === 'in-doubt' && check !== null && Math.abs(check.statistic / statistic - 1) < 0.05,
  );
  const pairs = loop.map(({ pair }) => `${nameOf(pair.sensed)} to ${nameOf(pair.reference)}`).join(', ');
  return [...leftOut, finding('open-loop', 'warn', { pairs, misclosure, expected })];
}

/** The inputs of an image's registration to the reference, from whichever pair read them. */
function inputsOf(image: number, { network }: SeriesContext): readonly ProvenanceInput[] {
  const found = (number: number, role: ProvenanceInput['role']): readonly ProvenanceInput[] => {
    const outcome = network.pairs.find((one) => touches(one, number) && one.pair.registration !== null);
    if (outcome === undefined) return [];
    const { pair } = outcome;
    const as = pair.sensed === number ? 'sensed' : 'reference';
    const input = pair.registration!.provenance.inputs.find((one) => one.role === as);
    return input === undefined ? [] : [{ ...input, role }];
  };
  return [...found(0, 'reference'), ...found(image, 'sensed')];
}

/** The document of an image of which nothing was measured that could be used. */
function refused(image: number, context: SeriesContext): Registration {
  const { pairs } = context.network;
  const tried = pairs.filter((outcome) => touches(outcome, image));
  const direct = tried.find(({ pair }) => pair.reference === 0)?.pair;
  const base = direct?.registration ?? tried.find(({ pair }) => pair.registration !== null)?.pair.registration;
  const own = direct?.registration?.verdict === 'refuse' ? direct.registration.findings : [];
  const judgement = judgementOf([finding('not-connected', 'refuse', { tried: tried.length }), ...own], 0);
  return {
    version: 1,
    model: 'affine',
    tiePoints: 0,
    inliers: 0,
    seconds: 0,
    method: 'network',
    provenance: { tool, weights: null, seed: 0, inputs: [] },
    logFalseAlarms: 0,
    ...base,
    ...judgement,
    reasons: reasonsOf(judgement.findings),
    sensedToReference: null,
    parameters: undefined,
    accuracy: null,
    warnings: [...(base?.warnings ?? []), ...(direct?.failure == null ? [] : [direct.failure])],
    ...(base === undefined || base === null
      ? {}
      : { provenance: { ...base.provenance, inputs: inputsOf(image, context) } }),
  };
}

/** Accuracy of a pair in px of the series' reference. */
function scaled(accuracy: Accuracy, factor: number): Omit<Accuracy, 'ce90Metres'> {
  const { unit, rmse, checkRmse, ce90, predictedSd } = accuracy;
  return { unit, rmse: rmse * factor, checkRmse: checkRmse * factor, ce90: ce90 * factor, predictedSd };
}

/** Px of the reference a px of an image, root of the area. */
function stretch(number: number, { network, images }: SeriesContext): number {
  const place = network.places.get(number);
  if (place === undefined) return 1;
  const [a, b, c, d] = jacobianAt(place.transform, images[number]!.width / 2, images[number]!.height / 2);
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** Confidence, and what was found, of an image by the way it is placed. */
function judged(place: ImagePlace, image: number, context: SeriesContext): ReturnType<typeof judgementOf> {
  const [step] = place.path as readonly [MeasuredPair];
  const isDirect = step.reference === 0;
  const { isChecked } = place;
  const through = context.images[step.reference === image ? step.sensed : step.reference]!.name;
  const used = context.network.pairs.filter((one) => isUsed(one, image)).length;
  const own = isDirect
    ? step.registration!.findings
    : [finding('through-others', isChecked ? 'info' : 'warn', { through, pairs: place.path.length })];
  const confidence = place.path.reduce((product, { registration }) => product * registration!.confidence, 1);
  const loops = finding('network', 'info', { pairs: used, checked: isChecked ? 'yes' : 'no' });
  return judgementOf([...pairFindings(image, context, isChecked), ...own, loops], confidence);
}

/**
 * The registration of an image to the reference of its series, as the network has it: a document like that of a pair, with the
 * accuracy of its place.
 *
 * @param image - its number, from 1
 */
export function describeImage(image: number, context: SeriesContext): Registration {
  const { network, images, metres } = context;
  const place = network.places.get(image);
  if (place === undefined) return refused(image, context);
  const [step] = place.path as readonly [MeasuredPair];
  const base = step.registration!;
  const judgement = judged(place, image, context);
  const { covariance, predictedSd, ce90, worstCe90 } = placeAccuracy(place, images[image]!, images[0]!);
  const inMetres = (length: number): { readonly ce90Metres?: number } =>
    metres === null ? {} : { ce90Metres: length * metres };
  const accuracy = base.accuracy && scaled(base.accuracy, step.reference === 0 ? 1 : stretch(step.reference, context));
  const { sensedToReference, parameters, model } = transformToJson(place.transform);
  const { parameters: _, ...rest } = base;
  return {
    ...rest,
    ...judgement,
    reasons: reasonsOf(judgement.findings),
    model,
    sensedToReference,
    ...(parameters === undefined ? {} : { parameters }),
    accuracy: accuracy && { ...accuracy, predictedSd, ...inMetres(accuracy.ce90) },
    network: {
      pairs: network.pairs.filter((one) => isUsed(one, image)).length,
      checked: place.isChecked,
      covariance,
      predictedSd,
      ce90,
      worstCe90,
      ...inMetres(ce90),
    },
    method: `${base.method} + network`,
    provenance: { ...base.provenance, inputs: inputsOf(image, context) },
  };
}
