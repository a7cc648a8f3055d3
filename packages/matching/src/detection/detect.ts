import { type Plane, TiepointError } from '@tiepoint/geometry';
import { buildModel, inference, input, parameterConstants } from 'onnx-grad';
import type { Engine } from '../engine.js';
import { chooseKeypoints, type ConfidenceMap, type KeypointChoice, type Keypoints } from './keypoints.js';
import type { DetectionNetwork, DetectionParameters } from './networks.js';
import { confidence, type ConfidenceOptions } from './peakiness.js';
import { countInRectangles } from './rectangle-sums.js';

/** A network with what it has learned. */
export interface Detector extends ConfidenceOptions {
  /** Names the weights: an engine takes detectors of one name to be the same. */
  readonly name: string;
  readonly network: DetectionNetwork;
  readonly parameters: DetectionParameters;
}

/** How an image is run through a detector. */
export interface DetectOptions extends KeypointChoice {
  /** Longest side that is run in one piece, px; larger images are cut into overlapping tiles of this side. Default 768. */
  readonly tile?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The image with zero mean and unit variance over its valid samples, and 0 elsewhere. */
function standardise({ data, mask }: Plane): Float32Array {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (mask?.[i] === 0) continue;
    sum += data[i]!;
    squares += data[i]! ** 2;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = count > 0 ? Math.sqrt(Math.max(squares / count - mean * mean, 0)) : 0;
  // A flat image stays flat.
  const factor = deviation > 1e-6 * Math.max(1, Math.abs(mean)) ? 1 / deviation : 0;
  return data.map((v, i) => (mask?.[i] === 0 ? 0 : (v - mean) * factor));
}

/** Half the side of a square that shows nothing where all its pixels are equal, px. */
const around = 4;

/** Sets the confidence to 0 where the image is flat: what a network says there has to do with its surroundings only. */
function ignoreFlatGround(confidence: Float32Array, { width, height, data }: Plane): void {
  const changes = countInRectangles(
    width,
    height,
    (i) =>
      ((i + 1) % width !== 0 && data[i] !== data[i + 1]) || (i + width < data.length && data[i] !== data[i + width]),
  );
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - around), Math.min(height, y + around + 1)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - around), Math.min(width, x + around + 1)];
      if (changes(left, top, right, bottom) === 0) confidence[y * width + x] = 0;
    }
  }
}

/** Where tiles begin along an axis, and how long they are. */
function tilesAlong(size: number, tile: number, margin: number, multiple: number): { starts: number[]; side: number } {
  const whole = Math.ceil(size / multiple) * multiple;
  if (whole <= tile) return { starts: [0], side: whole };
  const side = Math.max(Math.floor(tile / multiple) * multiple, 2 * margin + multiple);
  if (whole <= side) return { starts: [0], side: whole };
  const count = Math.ceil((whole - 2 * margin) / (side - 2 * margin));
  const starts = Array.from(
    { length: count },
    (_, i) => Math.round((i * (whole - side)) / (count - 1) / multiple) * multiple,
  );
  return { starts, side };
}

/**
 * The confidence that each pixel is a keypoint. Any size: sides are filled up to the network's multiple by repeating the edge, and
 * large images run in tiles that overlap by twice its margin, of which the inner part is kept.
 */
export async function detectionConfidence(
  engine: Engine,
  detector: Detector,
  plane: Plane,
  options: Pick<DetectOptions, 'tile' | 'signal'> = {},
): Promise<ConfidenceMap> {
  const { width, height, mask } = plane;
  const { network, parameters, name } = detector;
  const { tile = 768, signal } = options;
  if (width < network.multiple || height < network.multiple) {
    throw new TiepointError('image-too-small', `keypoint detection needs at least ${network.multiple} px a side`, {
      hint: 'pass a larger window of the image',
      value: [width, height],
    });
  }
  const across = tilesAlong(width, tile, network.margin, network.multiple);
  const down = tilesAlong(height, tile, network.margin, network.multiple);
  const shape = [1, 1, down.side, across.side];
  const { scaleWeights, upsampling } = detector;
  const head = `${upsampling ?? ''} ${scaleWeights?.join(',') ?? ''}`;
  const build = () => {
    const p = parameterConstants(parameters);
    return buildModel({
      outputs: { confidence: confidence(network.build(p, input('image', shape), inference), p, detector) },
    });
  };
  const samples = standardise(plane);
  const result = new Float32Array(width * height);
  const image = new Float32Array(across.side * down.side);
  for (const top of down.starts) {
    for (const left of across.starts) {
      signal?.throwIfAborted();
      for (let y = 0; y < down.side; y++) {
        const row = Math.min(height - 1, top + y) * width;
        for (let x = 0; x < across.side; x++)
          image[y * across.side + x] = samples[row + Math.min(width - 1, left + x)]!;
      }
      const key = `detection ${network.name} ${name} ${head} ${shape.join('x')}`;
      const found = (await engine.run(key, build, { image })).confidence;
      // What a later tile does better it overwrites: only its rim towards earlier tiles is left to them.
      const [fromX, fromY] = [left > 0 ? network.margin : 0, top > 0 ? network.margin : 0];
      const columns = Math.min(across.side, width - left);
      for (let y = fromY; y < Math.min(down.side, height - top); y++) {
        const line = found.subarray(y * across.side + fromX, y * across.side + columns);
        result.set(line, (top + y) * width + left + fromX);
      }
    }
  }
  ignoreFlatGround(result, plane);
  return mask ? { width, height, confidence: result, mask } : { width, height, confidence: result };
}

/** The keypoints of a map that {@link detectionConfidence} made: none at the border, where the network sees mostly zeros. */
export function keypointsOf({ network }: Detector, map: ConfidenceMap, choice: KeypointChoice = {}): Keypoints {
  return chooseKeypoints(map, { border: network.spoiled, ...choice });
}

/**
 * Detects keypoints of an image by a network (Li, Han and Ye 2022, §3.2).
 *
 * @throws TiepointError `image-too-small`
 */
export async function detectKeypoints(
  engine: Engine,
  detector: Detector,
  plane: Plane,
  options: DetectOptions = {},
): Promise<Keypoints> {
  const { border = detector.network.spoiled } = options;
  if (Math.min(plane.width, plane.height) <= 2 * border) {
    throw new TiepointError(
      'image-too-small',
      `keypoints lie ${border} px from the border at least: there is no room`,
      {
        hint: `pass an image of more than ${2 * border} px a side`,
        value: [plane.width, plane.height],
      },
    );
  }
  return keypointsOf(detector, await detectionConfidence(engine, detector, plane, options), options);
}
