import { chooseKeypoints, detectionConfidence, type Detector, type Engine } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import { createPairChooser } from '../sampling/choose-pair.js';
import { defaultWarp } from './random-warp.js';
import { drawWarpedPairs, type WarpedPairBatch } from './warped-pairs.js';

/** Side of the crops, px. */
const cropSide = 256;
/** Keypoints a pixel of where there may be any: as dense as 500 in 512². */
const density = 500 / 512 ** 2;
/** A keypoint this near is the same, px. */
const withinPx = 3;
/** Grey values as they are. */
const noChange = { inversion: 0, tone: 0, speckle: 0, noise: 0 };

/** Warped pairs of one set, the same at each validation. */
export interface DetectionValidationSet {
  readonly set: string;
  readonly count: number;
  readonly pairs: WarpedPairBatch;
}

/** Draws `count` warped pairs of each set that has images large enough. */
export function drawDetectionValidation(pairs: readonly TrainingPair[], count: number): DetectionValidationSet[] {
  const large = pairs.filter(({ reference }) => Math.min(reference.width, reference.height) >= cropSide);
  const chooser = createPairChooser(large);
  const options = {
    side: cropSide,
    warp: { ...defaultWarp, rotation: Math.PI / 6, scale: 1.25 },
    greys: noChange,
    border: 8,
  };
  return chooser.sets.map((set) => {
    const ofSet = createPairChooser(large.filter((pair) => pair.set === set));
    return { set, count, pairs: drawWarpedPairs(ofSet, count, createRandom(1), options) };
  });
}

/**
 * Share of the first crop's keypoints on common ground with a keypoint of the second at their place, by set. None are where a network
 * sees mostly zeros: lines along borders are found again and say nothing of the ground.
 */
export async function validateDetector(
  engine: Engine,
  detector: Detector,
  sets: readonly DetectionValidationSet[],
): Promise<Record<string, number>> {
  const area = cropSide * cropSide;
  const shares: Record<string, number> = {};
  const border = detector.network.spoiled;
  const count = Math.round(density * (cropSide - 2 * border) ** 2);
  for (const { set, count: pairCount, pairs } of sets) {
    let [n, N] = [0, 0];
    for (let index = 0; index < pairCount; index++) {
      const detect = async (crops: Float32Array): Promise<Float64Array> => {
        const data = crops.slice(index * area, (index + 1) * area);
        // Samples without ground are 0, others hardly ever.
        const mask = Uint8Array.from(data, (v) => (v === 0 ? 0 : 1));
        const map = await detectionConfidence(engine, detector, { width: cropSide, height: cropSide, data, mask });
        return chooseKeypoints(map, { count, radius: 4, border, spread: false }).xy;
      };
      const [first, second] = [await detect(pairs.first), await detect(pairs.second)];
      for (let i = 0; i < first.length; i += 2) {
        const at = index * area + Math.floor(first[i + 1]!) * cropSide + Math.floor(first[i]!);
        if (pairs.both[at] === 0) continue;
        const x = ((pairs.grid[2 * at]! + 1) * cropSide) / 2;
        const y = ((pairs.grid[2 * at + 1]! + 1) * cropSide) / 2;
        N++;
        for (let j = 0; j < second.length; j += 2) {
          if (Math.hypot(second[j]! - x, second[j + 1]! - y) > withinPx) continue;
          n++;
          break;
        }
      }
    }
    shares[set] = N === 0 ? 0 : n / N;
  }
  return shares;
}
