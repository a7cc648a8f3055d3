import { TiepointError } from '@tiepoint/geometry';
import { createRandom, namedParameters, replaceParameters } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { syntheticScene } from '../testing/synthetic-scene.js';
import { type Detector, detectionConfidence, detectKeypoints } from './detect.js';
import { tableNetwork } from './networks.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const network = tableNetwork({ width: 0.125 });
/** Random weights whose features neither grow nor vanish from layer to layer, as batch normalisation has it in training. */
function tameParameters() {
  const fresh = network.create(createRandom(3));
  const tamed = [...namedParameters(fresh)].map(([name, { shape, data }]) => {
    const factor = name.endsWith('norm.scale') ? 0.6 : 1;
    return [name, { shape, data: data.map((v) => factor * v) }] as const;
  });
  return replaceParameters(fresh, new Map(tamed));
}

const detector: Detector = { name: 'random', network, parameters: tameParameters() };

describe('detection', () => {
  it('takes any size', async () => {
    const { width, height, confidence } = await detectionConfidence(engine, detector, syntheticScene(101, 67, 1));
    expect([width, height, confidence.length]).toEqual([101, 67, 101 * 67]);
    expect(confidence.every((c) => c >= 0 && c < 1)).toBe(true);
  });

  it('gives tiles the confidence of the whole image', async () => {
    const plane = syntheticScene(424, 104, 2);
    const whole = await detectionConfidence(engine, detector, plane);
    const difference = async (margin: number): Promise<number> => {
      const narrow = { ...detector, network: { ...network, margin } };
      const tiled = await detectionConfidence(engine, narrow, plane, { tile: 200 });
      return tiled.confidence.reduce((most, c, i) => Math.max(most, Math.abs(c - whole.confidence[i]!)), 0);
    };
    const careless = await difference(0);
    expect(careless).toBeGreaterThan(1e-3);
    expect(await difference(network.margin)).toBeLessThan(0.1 * careless);
    // Beyond the receptive field there is none.
    expect(await difference(160)).toBeLessThan(1e-6);
  });

  it('moves with the image', async () => {
    const scene = syntheticScene(256, 256, 3);
    const cut = (left: number): Parameters<typeof detectionConfidence>[2] => {
      const data = new Float32Array(224 * 224);
      for (let y = 0; y < 224; y++) data.set(scene.data.subarray(y * 256 + left, y * 256 + left + 224), y * 224);
      return { width: 224, height: 224, data };
    };
    const choice = { count: 40, border: 40 };
    const [a, b] = [
      await detectKeypoints(engine, detector, cut(0), choice),
      await detectKeypoints(engine, detector, cut(16), { count: 'all', radius: 1, border: 20 }),
    ];
    const found = Array.from({ length: a.count }, (_, i) => [a.xy[2 * i]! - 16, a.xy[2 * i + 1]!] as const)
      .filter(([x]) => x > 42)
      .map(([x, y]) =>
        Math.min(...Array.from({ length: b.count }, (_, j) => Math.hypot(b.xy[2 * j]! - x, b.xy[2 * j + 1]! - y))),
      );
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((d) => d < 0.5).length / found.length).toBeGreaterThan(0.7);
  });

  it('ignores brightness and contrast', async () => {
    const scene = syntheticScene(96, 96, 4);
    const other = { ...scene, data: scene.data.map((v) => 3 * v + 50) };
    const [a, b] = [
      await detectionConfidence(engine, detector, scene),
      await detectionConfidence(engine, detector, other),
    ];
    expect(Math.max(...a.confidence.map((c, i) => Math.abs(c - b.confidence[i]!)))).toBeLessThan(1e-3);
  });

  it('finds nothing on ground that shows nothing', async () => {
    const flat = { width: 96, height: 96, data: new Float32Array(96 * 96).fill(7) };
    expect((await detectKeypoints(engine, detector, flat)).count).toBe(0);
    const scene = syntheticScene(192, 192, 5);
    const half = { ...scene, data: scene.data.map((v, i) => (i % 192 < 96 ? v : 128)) };
    const { count, xy } = await detectKeypoints(engine, detector, half, { count: 'all' });
    expect(count).toBeGreaterThan(20);
    expect(Math.max(...xy.filter((_, k) => k % 2 === 0))).toBeLessThan(96 + 5);
  });

  it('refuses images that are too small', async () => {
    const tiny = { width: 7, height: 40, data: new Float32Array(280) };
    await expect(detectionConfidence(engine, detector, tiny)).rejects.toThrow(TiepointError);
    // Of these the border leaves nothing.
    await expect(detectKeypoints(engine, detector, syntheticScene(32, 200, 6))).rejects.toThrow(TiepointError);
  });
});
