import { TiepointError } from '@tiepoint/geometry';
import { createRandom, namedParameters } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { crossFusionNetwork } from '../cross-fusion/networks.js';
import { decodeMatcher, encodeMatcher } from '../cross-fusion/weights.js';
import { detectionNetwork } from '../detection/networks.js';
import { decodeDetector, encodeDetector } from '../detection/weights.js';

const small = { kind: 'table1', width: 0.125, deformable: false } as const;
const parameters = detectionNetwork(small).create(createRandom(1));
const detector = encodeDetector({ parameters, upsampling: 'learned', scaleWeights: [0.2, 0.3, 0.5] }, small, 'a test');
const fusion = { patch: 32, layers: 1, exchange: false } as const;
const matcherParameters = crossFusionNetwork(fusion).create(createRandom(2));
const matcher = encodeMatcher(matcherParameters, fusion, 'another');

describe('weights', () => {
  it('come back as they were, to 16 bits', () => {
    const found = decodeDetector(detector);
    expect(found).toMatchObject({
      name: expect.stringMatching(/^a test \[\w{8}\]$/),
      upsampling: 'learned',
      scaleWeights: [0.2, 0.3, 0.5],
    });
    expect(found.network.name).toBe(detectionNetwork(small).name);
    const wanted = namedParameters(parameters);
    for (const [name, { data }] of namedParameters(found.parameters)) {
      for (const [i, v] of wanted.get(name)!.data.entries()) {
        if (Math.abs(data[i]! - v) > 1e-3 * Math.abs(v) + 1e-6) throw new Error(`${name}[${i}]: ${data[i]} for ${v}`);
      }
    }
    expect(decodeMatcher(matcher)).toMatchObject({
      name: expect.stringContaining('another ['),
      network: { name: 'cross-fusion(32,1,self)' },
    });
  });

  it('of another kind, or cut off, are refused', () => {
    for (const decode of [decodeDetector, decodeMatcher]) {
      const other = decode === decodeDetector ? matcher : detector;
      for (const file of [other, new Uint8Array(5), other.slice(0, 1000)]) {
        expect(() => decode(file)).toThrow(TiepointError);
      }
    }
  });
});
