import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from 'onnx-grad/node';
import type { KeypointMethod, Prediction } from './method.js';
import type { MatchedPoints } from './metrics.js';
import type { ProjectivePair } from './warped-pair.js';

/** A prediction as a file holds it. */
interface StoredPrediction {
  /** What it depends on. */
  readonly made: {
    readonly method: string;
    readonly version: string;
    readonly pair: string;
    readonly keypoints: number;
  };
  readonly keypoints: StoredPoints;
  readonly described?: StoredPoints;
  readonly guided?: boolean;
  readonly partner: readonly number[];
  /** Null stands for −Infinity, which JSON has not. */
  readonly score: readonly (number | null)[];
  readonly back: readonly number[];
  readonly seconds: number;
}

interface StoredPoints {
  readonly reference: readonly number[];
  readonly sensed: readonly number[];
}

const toStored = ({ reference, sensed }: MatchedPoints): StoredPoints => ({
  reference: Array.from(reference),
  sensed: Array.from(sensed),
});

const fromStored = ({ reference, sensed }: StoredPoints): MatchedPoints => ({
  reference: Float64Array.from(reference),
  sensed: Float64Array.from(sensed),
});

async function readStored(path: string): Promise<StoredPrediction | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StoredPrediction;
  } catch {
    // Not there, or cut off: it is made again.
    return null;
  }
}

/**
 * What a method predicts of a pair: from the folder where it is kept there, else made and kept. Weights of another name, another
 * number of keypoints or another warp make it anew.
 *
 * @param folder - keeps nothing unless given
 */
export async function predictionOf(
  method: KeypointMethod,
  pair: ProjectivePair,
  keypoints: number,
  folder?: string,
): Promise<Prediction> {
  if (folder === undefined) return await method.predict(pair.reference, pair.sensed, keypoints);
  const { matrix } = pair.truth.sensedToReference;
  const made = {
    method: method.name,
    version: method.version ?? '',
    pair: `${pair.set} ${pair.id} ${matrix.map((v) => v.toPrecision(6)).join(' ')}`,
    keypoints,
  };
  const path = join(folder, method.name, `${pair.set}-${pair.id}.json`.replaceAll(/[^\w.-]/g, '_'));
  const stored = await readStored(path);
  if (stored !== null && JSON.stringify(stored.made) === JSON.stringify(made)) {
    return {
      keypoints: fromStored(stored.keypoints),
      ...(stored.described === undefined ? {} : { described: fromStored(stored.described) }),
      ...(stored.guided === undefined ? {} : { guided: stored.guided }),
      partner: Int32Array.from(stored.partner),
      score: Float32Array.from(stored.score, (v) => v ?? -Infinity),
      back: Int32Array.from(stored.back),
      seconds: stored.seconds,
    };
  }
  const found = await method.predict(pair.reference, pair.sensed, keypoints);
  const file: StoredPrediction = {
    made,
    keypoints: toStored(found.keypoints),
    ...(found.described === undefined ? {} : { described: toStored(found.described) }),
    ...(found.guided === undefined ? {} : { guided: found.guided }),
    partner: Array.from(found.partner),
    score: Array.from(found.score, (v) => (Number.isFinite(v) ? v : null)),
    back: Array.from(found.back),
    seconds: found.seconds,
  };
  await mkdir(join(folder, method.name), { recursive: true });
  await writeAtomically(path, new TextEncoder().encode(JSON.stringify(file)));
  return found;
}
