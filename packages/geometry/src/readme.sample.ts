import { circularError, estimateTransform, predictCovariance, transformPoint } from '@tiepoint/geometry';

// Interleaved x, y: where six places lie in the sensed image, and where in the reference. The last pair is wrong.
const source = Float64Array.of(10, 10, 200, 15, 30, 180, 210, 190, 120, 100, 60, 60);
const target = Float64Array.of(22, 5, 212.1, 10, 42, 174.9, 222, 185, 132, 95.1, 300, 20);

const estimate = estimateTransform({ source, target }, { model: 'similarity', threshold: 1, seed: 0 });
if (estimate === null) throw new Error('the pairs do not determine a similarity');

export const inliers: number = estimate.inlierCount; // 5 of 6
export const point: [number, number] = transformPoint(estimate.transform, 100, 100); // about (112, 95)
export const ce90: number = circularError(predictCovariance(estimate.fit, 100, 100)); // px: 90 % of errors are smaller
