import { composeTransforms, type MatrixTransform, similarity, translation } from '@tiepoint/geometry';
import {
  buildModel,
  clip,
  concat,
  greater,
  input,
  maximum,
  type Model,
  mul,
  reduceMax,
  argMax,
  cast,
  reduceSum,
  reshape,
  slice,
  sqrt,
  div,
  where,
  type Tensor,
} from 'onnx-grad';
import { type Band, type Spectrum, evaluateSpectrum, spectrumOf, timesConjugate } from '../correlation/band-limited.js';
import { energyOf } from '../correlation/normalised.js';
import type { Engine } from '../engine.js';
import type { StructureFeatures } from '../features/structure-features.js';
import { allocatePatches, samplePatch } from '../image/patches.js';
import type { Pyramid } from '../image/pyramid.js';

/** A guess at the geometry of a pair. */
export interface Pose {
  readonly referenceToSensed: MatrixTransform;
  /** Normalised correlation of the whole images, weighted by the root of their overlap. */
  readonly score: number;
  readonly rotation: number;
  readonly scale: number;
}

/** What to search. Angles in radians; scale is sensed px per reference px. */
export interface PoseRange {
  readonly rotation: readonly [number, number];
  readonly scale: readonly [number, number];
  /** Rotations tried over the range. */
  readonly rotations: number;
  readonly scales: number;
}

/** Every rotation, and scales from 0.58 to 1.72. */
export const anyPose: PoseRange = { rotation: [-Math.PI, Math.PI], scale: [0.58, 1.72], rotations: 60, scales: 11 };
/** A near-aligned pair: up to 12° and 14 % of scale. */
export const nearPose: PoseRange = { rotation: [-0.21, 0.21], scale: [0.88, 1.136], rotations: 7, scales: 5 };

/** Side of the square both images are brought to, px. */
const side = 128;
/** Period of the correlation: shifts up to half the square do not wrap onto each other. */
const band: Band = { period: 192, count: 48 };
/** Energies and masks vary slowly. */
const slowBand: Band = { period: 192, count: 24 };
const batch = 8;
/** Shifts tried, px of the square: the band holds no finer detail. */
const shifts = Array.from({ length: 65 }, (_, i) => 2 * i - 64);
/** Least overlap, of the square. */
const leastOverlap = 0.2;

/** The range between a pose and its neighbours in a search: what is left open of rotation and scale, at a quarter of the step. */
export function aroundPose(pose: Pose, range: PoseRange): PoseRange {
  const turn = (range.rotation[1] - range.rotation[0]) / range.rotations / 2;
  const zoom = (range.scale[1] / range.scale[0]) ** (1 / Math.max(range.scales - 1, 1) / 2);
  return {
    rotation: [pose.rotation - turn, pose.rotation + turn],
    scale: [pose.scale / zoom, pose.scale * zoom],
    rotations: 5,
    scales: 3,
  };
}

function poses(range: PoseRange): { rotation: number; scale: number }[] {
  const full = range.rotation[1] - range.rotation[0] >= 2 * Math.PI - 1e-9;
  const steps = full ? range.rotations : Math.max(1, range.rotations - 1);
  const list: { rotation: number; scale: number }[] = [];
  for (let s = 0; s < range.scales; s++) {
    const t = range.scales === 1 ? 0.5 : s / (range.scales - 1);
    const scale = range.scale[0] * (range.scale[1] / range.scale[0]) ** t;
    for (let r = 0; r < range.rotations; r++) {
      list.push({ rotation: range.rotation[0] + ((range.rotation[1] - range.rotation[0]) * r) / steps, scale });
    }
  }
  return list;
}

function describe(features: StructureFeatures, count: number, name: string): { features: Tensor; support: Tensor } {
  const shape = [count, 1, side, side];
  return features.build(input(name, shape), input(`${name}Valid`, shape));
}

/** Spectra of one image: of its features, and of its energy and support in the slow band. */
function spectra(features: StructureFeatures, count: number, name: string): { fast: Spectrum; slow: Spectrum } {
  const described = describe(features, count, name);
  return {
    fast: spectrumOf(described.features, band),
    slow: spectrumOf(concat([energyOf(described.features), described.support], 1), slowBand),
  };
}

type ReferenceOutputs = Readonly<Record<'fastRe' | 'fastIm' | 'slowRe' | 'slowIm', Tensor>>;

function referenceModel(features: StructureFeatures): Model<ReferenceOutputs> {
  const { fast, slow } = spectra(features, 1, 'image');
  return buildModel({ outputs: { fastRe: fast.re, fastIm: fast.im, slowRe: slow.re, slowIm: slow.im } });
}

function channel(s: Spectrum, index: number): Spectrum {
  const pick = (x: Tensor): Tensor => slice(x, { axes: [1], starts: [index], ends: [index + 1] });
  return { re: pick(s.re), im: pick(s.im) };
}

type ScoreOutputs = Readonly<Record<'score' | 'shift', Tensor>>;

function scoreModel(features: StructureFeatures): Model<ScoreOutputs> {
  const sensed = spectra(features, batch, 'image');
  const fast: Spectrum = {
    re: input('fastRe', [1, features.channels, 2 * band.count, band.count]),
    im: input('fastIm', [1, features.channels, 2 * band.count, band.count]),
  };
  const slow: Spectrum = {
    re: input('slowRe', [1, 2, 2 * slowBand.count, slowBand.count]),
    im: input('slowIm', [1, 2, 2 * slowBand.count, slowBand.count]),
  };
  const product = timesConjugate(sensed.fast, fast);
  const summed: Spectrum = {
    re: reduceSum(product.re, { axes: [1], keepDims: true }),
    im: reduceSum(product.im, { axes: [1], keepDims: true }),
  };
  const correlation = evaluateSpectrum(summed, band, shifts, shifts);
  const slowly = (a: Spectrum, b: Spectrum): Tensor => evaluateSpectrum(timesConjugate(a, b), slowBand, shifts, shifts);
  // Of each image only the part that the other covers counts.
  const sensedEnergy = slowly(channel(sensed.slow, 0), channel(slow, 1));
  const referenceEnergy = slowly(channel(sensed.slow, 1), channel(slow, 0));
  const overlap = clip(mul(slowly(channel(sensed.slow, 1), channel(slow, 1)), 1 / (side * side)), 0, 1);
  const energy = sqrt(mul(maximum(sensedEnergy, 1), maximum(referenceEnergy, 1)));
  const score = mul(div(correlation, energy), sqrt(overlap));
  const allowed = where(greater(overlap, leastOverlap), score, -1);
  const flat = reshape(allowed, [batch, shifts.length * shifts.length]);
  return buildModel({ outputs: { score: reduceMax(flat, { axes: [1] }), shift: cast(argMax(flat, 1), 'float32') } });
}

/** Whether two poses are the same place of the search but for its spacing. */
function alike(a: Pose, b: Pose, range: PoseRange): boolean {
  const turn = Math.abs(Math.atan2(Math.sin(a.rotation - b.rotation), Math.cos(a.rotation - b.rotation)));
  const rotationStep = (range.rotation[1] - range.rotation[0]) / range.rotations;
  const scaleStep = Math.log(range.scale[1] / range.scale[0]) / range.scales;
  return turn <= 1.6 * rotationStep && Math.abs(Math.log(a.scale / b.scale)) <= 1.6 * scaleStep;
}

/**
 * Searches rotation × scale exhaustively at low resolution, with every translation by correlation: normalised over the overlap
 * and weighted by its root, so that a small corner in common does not win over a whole image.
 *
 * @param features - channels that turn with the image; see `orientedGradients`
 * @returns the best poses, best first, no two of them neighbours in the search
 */
export async function searchPose(
  engine: Engine,
  reference: Pyramid,
  sensed: Pyramid,
  features: StructureFeatures,
  range: PoseRange,
  count: number,
  signal?: AbortSignal,
): Promise<readonly Pose[]> {
  const [fixed, moving] = [reference.levels[0]!, sensed.levels[0]!];
  // Both images at one scale: that at which the larger fits the square.
  const step = Math.max(fixed.width, fixed.height, moving.width, moving.height) / side;
  const patch = allocatePatches(1, side, side);
  const centre: readonly [number, number] = [fixed.width / 2, fixed.height / 2];
  samplePatch(reference, { x: centre[0], y: centre[1], step, toImage: null }, patch, 0);
  const spectraOfReference = await engine.run(`pose reference ${features.name}`, () => referenceModel(features), {
    image: patch.data,
    imageValid: patch.valid,
  });
  const list = poses(range);
  const patches = allocatePatches(batch, side, side);
  const found: Pose[] = [];
  for (let first = 0; first < list.length; first += batch) {
    signal?.throwIfAborted();
    const part = list.slice(first, first + batch);
    const maps = part.map(({ rotation, scale }) =>
      composeTransforms(
        translation(moving.width / 2, moving.height / 2),
        composeTransforms(similarity(scale, rotation, 0, 0), translation(-centre[0], -centre[1])),
      ),
    );
    for (const [i, map] of maps.entries()) {
      samplePatch(sensed, { x: centre[0], y: centre[1], step, toImage: map.matrix }, patches, i);
    }
    const { score, shift } = await engine.run(`pose ${features.name}`, () => scoreModel(features), {
      image: patches.data,
      imageValid: patches.valid,
      ...spectraOfReference,
    });
    for (const [i, { rotation, scale }] of part.entries()) {
      const dx = shifts[shift[i]! % shifts.length]! * step;
      const dy = shifts[Math.floor(shift[i]! / shifts.length)]! * step;
      found.push({
        referenceToSensed: composeTransforms(maps[i]!, translation(dx, dy)),
        score: score[i]!,
        rotation,
        scale,
      });
    }
  }
  found.sort((a, b) => b.score - a.score);
  const best: Pose[] = [];
  for (const pose of found) {
    if (best.length === count) break;
    if (!best.some((other) => alike(pose, other, range))) best.push(pose);
  }
  return best;
}
