import { type Engine, type StructureFeatures } from '@tiepoint/matching';
import { add, constant, div, mul, reduceMean, reduceSum, reshape, slice, sqrt, sub, type Tensor } from 'onnx-grad';
import { graphMeasure, singlePatches } from './graph-measure.js';
import type { SimilarityMeasure } from './measure.js';

/** The correlation coefficient of structure features over the patch; of HOPC as in (Ye et al. 2017). */
export function featureMeasure(engine: Engine, name: string, feature: StructureFeatures): SimilarityMeasure {
  return graphMeasure(engine, name, feature.name, (pairs) => {
    const [count, , height, width] = singlePatches;
    const valid = constant(new Float32Array(count * height * width).fill(1), singlePatches);
    const { features } = feature.build(reshape(pairs, singlePatches), valid);
    const flat = reshape(features, [count / 2, 2, -1]);
    const centred = sub(flat, reduceMean(flat, { axes: [2], keepDims: true }));
    const side = (i: number): Tensor => slice(centred, { axes: [1], starts: [i], ends: [i + 1] });
    const sum = (x: Tensor): Tensor => reduceSum(x, { axes: [1, 2] });
    const energies = mul(sum(mul(side(0), side(0))), sum(mul(side(1), side(1))));
    return div(sum(mul(side(0), side(1))), sqrt(add(energies, 1e-12)));
  });
}
