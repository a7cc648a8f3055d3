import { accuracyOutput } from './accuracy.js';
import { type ImageContext, imageOutput } from './image.js';
import { keypointsOutput } from './keypoints.js';
import type { Output } from './output.js';
import { pointsOutput, type TiePointContext } from './points.js';
import { marksOutput } from './marks.js';
import { type ReportContext, reportOutput } from './report.js';
import { rpcOutput } from './rpc.js';
import { solutionOutput } from './solution.js';
import { type AssessmentContext, vectorsOutput } from './vectors.js';

/**
 * What `register` writes, in this order: the solution is the last, so that it is the mark that the rest is there, and where an image
 * fails nothing claims that there is one.
 */
export const registerOutputs: readonly Output<ReportContext & TiePointContext & ImageContext>[] = [
  imageOutput,
  accuracyOutput,
  marksOutput,
  pointsOutput,
  rpcOutput,
  reportOutput,
  solutionOutput,
];

/** What `match` writes. */
export const matchOutputs = [pointsOutput];

/** What `assess` writes. */
export const assessOutputs: readonly Output<ReportContext & AssessmentContext>[] = [vectorsOutput, reportOutput];

/** What `detect` writes. */
export const detectOutputs = [keypointsOutput];
