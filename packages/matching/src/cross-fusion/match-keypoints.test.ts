import { createRandom } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { syntheticScene } from '../testing/synthetic-scene.js';
import type { Matcher } from './encode-keypoints.js';
import { matchKeypoints, nearestInViews } from './match-keypoints.js';
import { crossFusionNetwork } from './networks.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const network = crossFusionNetwork({ patch: 32, layers: 1 });
const matcher: Matcher = { name: 'random', network, parameters: network.create(createRandom(5)) };
const plane = syntheticScene(160, 120, 6);

function randomPoints(count: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: 2 * count }, (_, i) => random.uniform() * (i % 2 === 0 ? 160 : 120));
}

describe('matchKeypoints', () => {
  it('does not depend on the order of keypoints', async () => {
    const count = 30;
    const xy = randomPoints(count, 1);
    const reversed = Float64Array.from(xy, (_, i) => xy[2 * (count - 1 - (i >> 1)) + (i % 2)]!);
    const reference = { plane, keypoints: { count, xy: randomPoints(count, 2) } };
    const a = await nearestInViews(engine, matcher, reference, { plane, keypoints: { count, xy } })();
    const b = await nearestInViews(engine, matcher, reference, { plane, keypoints: { count, xy: reversed } })();
    expect([...b.partner].map((j) => count - 1 - j)).toEqual([...a.partner]);
  });

  it('finds in one view what it would find without having seen another', async () => {
    const image = (seed: number) => ({ plane, keypoints: { count: 40, xy: randomPoints(40, seed) } });
    const [reference, sensed] = [image(8), image(9)];
    const view = { angle: 0.5, scale: 1.2 };
    const alone = await nearestInViews(engine, matcher, reference, sensed)(view);
    const nearest = nearestInViews(engine, matcher, reference, sensed);
    expect((await nearest()).score).not.toEqual(alone.score);
    expect(await nearest(view)).toEqual(alone);
  });

  it('matches each keypoint at most once, whatever their number', async () => {
    const image = (count: number, seed: number) => ({ plane, keypoints: { count, xy: randomPoints(count, seed) } });
    const found = await matchKeypoints(engine, matcher, image(70, 3), image(150, 4));
    expect(found.count).toBeGreaterThan(0);
    expect(new Set(found.reference).size).toBe(found.count);
    expect(new Set(found.sensed).size).toBe(found.count);
    expect(found.reference.every((i) => i < 70)).toBe(true);
    expect(found.sensed.every((i) => i < 150)).toBe(true);
    const best = found.score.reduce((most, s) => Math.max(most, s), 0);
    const strict = await matchKeypoints(engine, matcher, image(70, 3), image(150, 4), { threshold: best });
    expect(strict.count).toBe(1);
  });

  it('finds nothing where there are no keypoints', async () => {
    const none = { plane, keypoints: { count: 0, xy: new Float64Array(0) } };
    const some = { plane, keypoints: { count: 5, xy: randomPoints(5, 7) } };
    expect((await matchKeypoints(engine, matcher, none, some)).count).toBe(0);
    expect((await matchKeypoints(engine, matcher, some, none)).count).toBe(0);
  });
});
