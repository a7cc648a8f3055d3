import { crossFusionNetwork, encodeDetector, encodeMatcher, lightDetector } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';

/**
 * Weights of networks that have learned nothing, as files. The matcher is blind to where keypoints lie: places that look the same
 * get the same vectors, so that images that differ by a shift can be matched.
 */
export function untrainedNetworkFiles(): { readonly detector: Uint8Array; readonly matcher: Uint8Array } {
  const matching = { patch: 32, layers: 0 } as const;
  const fresh = crossFusionNetwork(matching).create(createRandom(2));
  const { weight, bias } = fresh.position;
  const blind = { ...fresh, position: { weight: { ...weight, data: new Float32Array(weight.data.length) }, bias } };
  return {
    detector: encodeDetector(
      { parameters: lightDetector.create(createRandom(1)) },
      { kind: 'light' },
      'untrained detector',
    ),
    matcher: encodeMatcher(blind, matching, 'untrained matcher'),
  };
}
