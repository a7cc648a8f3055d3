import {
  type AffineParameters,
  type Mode,
  type NormParameters,
  type Parameter,
  type Random,
  type Tensor,
  type TensorsOf,
  add,
  concat,
  dense,
  denseParameters,
  exp,
  filledParameter,
  layerNorm,
  logSoftmax,
  matmul,
  mul,
  normParameters,
  relu,
  reshape,
  slice,
  transpose,
} from 'onnx-grad';
import { encodePatches, encoderParameters, type EncoderParameters, type PatchSide, vectorLength } from './encoder.js';
import { fuse, fusionParameters, type FusionParameters, type SetPair } from './fusion.js';
import { encodePositions } from './position.js';

/** Where the sharpness begins: of 15 times a cosine, ones above 0.3 stand out of a hundred others. */
const startSharpness = 15;

/** Parameters of a {@link CrossFusionNetwork}. */
export type CrossFusionParameters = {
  readonly encoder: EncoderParameters;
  /** Logarithm of what the product of two vectors of unit length is multiplied by to be a score. */
  readonly sharpness: Parameter;
  readonly embedding: AffineParameters;
  readonly position: AffineParameters;
  readonly layers: readonly FusionParameters[];
  readonly norm: NormParameters;
  readonly hidden: AffineParameters;
  readonly descriptor: AffineParameters;
  readonly unmatched: AffineParameters;
};

/** Places of the keypoints of both sets, and which rows only fill the arrays. */
export interface SetPlaces {
  /** `[sets, count, 2]`; see `encodePositions`. */
  readonly placesA: Tensor;
  readonly placesB: Tensor;
  readonly maskA?: Tensor;
  readonly maskB?: Tensor;
}

/** How likely points of two sets match, as logarithms. */
export interface MatchLogits {
  /** `[sets, A, B + 1]`: of each point of A, its match in B or none (last): probabilities add up to 1 along the last axis. */
  readonly ofA: Tensor;
  /** `[sets, B, A + 1]`: the other way. */
  readonly ofB: Tensor;
}

/** A network that matches two sets of keypoints by the patches around them. */
export interface CrossFusionNetwork {
  readonly name: string;
  /** Diameter of the patches, px. */
  readonly patch: PatchSide;
  readonly create: (random: Random) => CrossFusionParameters;
  /** @param patches - polar: `[count, 1, rings, directions]` @returns `[count, 256]`, of unit length */
  readonly encode: (p: TensorsOf<CrossFusionParameters>, patches: Tensor, mode: Mode) => Tensor;
  /**
   * How alike the vectors of patches are, as they are: what is left of {@link match} without fusion and the chance of none.
   *
   * @param a - `[sets, A, 256]`, encoded @param b - `[sets, B, 256]` @returns scores, `[sets, A, B]`
   */
  readonly compare: (p: TensorsOf<CrossFusionParameters>, a: Tensor, b: Tensor) => Tensor;
  /** @param a - `[sets, A, 256]`, encoded @param b - `[sets, B, 256]` */
  readonly match: (p: TensorsOf<CrossFusionParameters>, a: Tensor, b: Tensor, places: SetPlaces) => MatchLogits;
}

/** What varies between cross-fusion networks. */
export interface CrossFusionOptions {
  /** Default 96. */
  readonly patch?: PatchSide | undefined;
  /** N_C; default 4. The text says eight, but the ablation finds six and eight worse than the default, which it does not name. */
  readonly layers?: number | undefined;
  /** Whether keys and values are exchanged between the sets; default true. Without it is the base of Table 2. */
  readonly exchange?: boolean | undefined;
}

/**
 * The cross-fusion matching network (Li, Han and Ye 2022, §3.3), read as two sets of patches that attend to each other: one pass of
 * the encoder a patch, attention between sets. A pass for each pair of patches, which the text allows too, would be quadratic.
 *
 * The position encoding goes through a dense layer before it is added, as its amplitude has to fit the encoder's. "Numerous dense
 * layers" are two, to descriptors whose products are the matrix; the unmatched row and column come of another one for each point.
 * The products of the encoder's own vectors are added to the matrix: fusion has only to learn what it knows better.
 */
export function crossFusionNetwork(options: CrossFusionOptions = {}): CrossFusionNetwork {
  const { patch = 96, layers = 4, exchange = true } = options;
  const compare: CrossFusionNetwork['compare'] = (p, a, b) => mul(matmul(a, transpose(b, [0, 2, 1])), exp(p.sharpness));
  return {
    name: `cross-fusion(${patch},${layers}${exchange ? '' : ',self'})`,
    patch,
    create: (random) => ({
      encoder: encoderParameters(random),
      sharpness: filledParameter([1], Math.log(startSharpness)),
      embedding: denseParameters(random, vectorLength, vectorLength),
      position: denseParameters(random, vectorLength, vectorLength),
      layers: Array.from({ length: layers }, () => fusionParameters(random)),
      norm: normParameters(vectorLength),
      hidden: denseParameters(random, vectorLength, vectorLength),
      descriptor: denseParameters(random, vectorLength, vectorLength),
      unmatched: denseParameters(random, vectorLength, 1),
    }),
    encode: (p, patches, mode) => encodePatches(p.encoder, patches, mode),
    compare,
    match(p, a, b, { placesA, placesB, ...masks }) {
      // Numbers of unit variance, as layers expect them.
      const embedded = (x: Tensor): Tensor => dense(p.embedding, mul(x, Math.sqrt(vectorLength)));
      const placed = (x: Tensor, places: Tensor): Tensor =>
        add(embedded(x), dense(p.position, encodePositions(places)));
      const start: SetPair = { a: placed(a, placesA), b: placed(b, placesB), ...masks };
      const fused = p.layers.reduce((pair, layer) => fuse(layer, pair, exchange), start);
      const normal = (x: Tensor): Tensor => layerNorm(p.norm, x);
      const describe = (x: Tensor): Tensor =>
        mul(dense(p.descriptor, relu(dense(p.hidden, normal(x)))), vectorLength ** -0.25);
      const scores = add(compare(p, a, b), matmul(describe(fused.a), transpose(describe(fused.b), [0, 2, 1])));
      // Rows that only fill the array are nobody's match.
      const row = (mask: Tensor | undefined, x: Tensor): Tensor => (mask === undefined ? x : add(x, squeezeMask(mask)));
      const none = (x: Tensor): Tensor => dense(p.unmatched, normal(x));
      return {
        ofA: logSoftmax(concat([row(fused.maskB, scores), none(fused.a)], 2)),
        ofB: logSoftmax(concat([row(fused.maskA, transpose(scores, [0, 2, 1])), none(fused.b)], 2)),
      };
    },
  };
}

/** `[sets, 1, 1, count]` as `[sets, 1, count]`. */
function squeezeMask(mask: Tensor): Tensor {
  return reshape(mask, [mask.shape[0]!, 1, mask.shape[3]!]);
}

/**
 * The matching matrix, in [0, 1]: how likely i of A and j of B are each other's match, the geometric mean of what both sides say.
 *
 * @returns `[sets, A, B]`
 */
export function matchingMatrix({ ofA, ofB }: MatchLogits): Tensor {
  const [, a, beyondB] = ofA.shape as [number, number, number];
  const fromA = slice(ofA, { axes: [2], starts: [0], ends: [beyondB - 1] });
  const fromB = transpose(slice(ofB, { axes: [2], starts: [0], ends: [a] }), [0, 2, 1]);
  return exp(mul(add(fromA, fromB), 0.5));
}
