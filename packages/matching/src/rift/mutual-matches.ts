import { argMax, buildModel, cast, input, matmul, type Model, reduceMax, type Tensor, transpose } from 'onnx-grad';
import type { Engine } from '../engine.js';
import { descriptorLength } from './descriptors.js';

/** Descriptors of one image: rows beyond `count` are 0 and match nothing. */
export interface DescriptorSet {
  readonly count: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/** Keypoints that are each other's nearest. */
export interface MutualMatches {
  readonly reference: number[];
  readonly sensed: number[];
  /** Inner product of the descriptors. */
  readonly score: number[];
}

/** Rows for this many keypoints: few different counts keep the graphs few. */
export function rowsFor(count: number): number {
  return Math.max(128, Math.ceil(count / 128) * 128);
}

function nearestModel(rows: number, columns: number): Model<Readonly<Record<'best' | 'back' | 'score', Tensor>>> {
  const reference = input('reference', [rows, descriptorLength]);
  const sensed = input('sensed', [columns, descriptorLength]);
  const similarity = matmul(reference, transpose(sensed, [1, 0]));
  return buildModel({
    outputs: {
      best: cast(argMax(similarity, 1), 'float32'),
      back: cast(argMax(similarity, 0), 'float32'),
      score: reduceMax(similarity, { axes: [1] }),
    },
  });
}

/** Pairs each keypoint with its nearest in the other image, where that agrees. */
export async function mutualMatches(
  engine: Engine,
  reference: DescriptorSet,
  sensed: DescriptorSet,
): Promise<MutualMatches> {
  const { rows } = reference;
  const { best, back, score } = await engine.run(
    `rift nearest ${rows}x${sensed.rows}`,
    () => nearestModel(rows, sensed.rows),
    { reference: reference.data, sensed: sensed.data },
  );
  const matches: MutualMatches = { reference: [], sensed: [], score: [] };
  for (let i = 0; i < reference.count; i++) {
    const j = best[i]!;
    // Descriptors of no support have no similarity to anything.
    if (j >= sensed.count || back[j] !== i || !(score[i]! > 0)) continue;
    matches.reference.push(i);
    matches.sensed.push(j);
    matches.score.push(score[i]!);
  }
  return matches;
}
