import type { Plane } from '@tiepoint/geometry';
import { createRandom } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { lightDetector } from '../detection/networks.js';
import { createEngine } from '../engine.js';
import { createPyramid } from '../image/pyramid.js';
import { syntheticScene } from '../testing/synthetic-scene.js';
import { type KeypointNetworks, matchByNetworks } from './match-images.js';
import { crossFusionNetwork } from './networks.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const network = crossFusionNetwork({ patch: 32, layers: 0 });
const fresh = network.create(createRandom(2));
const { position } = fresh;
const zeros = new Float32Array(position.weight.data.length);
/** Untrained, and blind to where keypoints lie: equal patches have equal vectors all the same. */
const networks: KeypointNetworks = {
  detector: { name: 'untrained', network: lightDetector, parameters: lightDetector.create(createRandom(1)) },
  matcher: {
    name: 'untrained',
    network,
    parameters: { ...fresh, position: { ...position, weight: { ...position.weight, data: zeros } } },
  },
};

function crop(plane: Plane, left: number, top: number, width: number, height: number): Plane {
  const data = Float32Array.from(
    { length: width * height },
    (_, i) => plane.data[(top + Math.floor(i / width)) * plane.width + left + (i % width)]!,
  );
  return { width, height, data };
}

/** Share of matches that lie `dx`, `dy` apart to a px of their level; by chance hardly one in a thousand would. */
function right(matches: Awaited<ReturnType<typeof matchByNetworks>>, dx: number, dy: number): number {
  let n = 0;
  for (let i = 0; i < 2 * matches.count; i += 2) {
    const x = matches.target[i]! - matches.source[i]! - dx;
    const y = matches.target[i + 1]! - matches.source[i + 1]! - dy;
    if (Math.hypot(x, y) < matches.step) n++;
  }
  return n / matches.count;
}

describe('matchByNetworks', () => {
  it('pairs places of two images that show the same ground', async () => {
    const scene = syntheticScene(320, 280, 8);
    // By whole samples of the features, which untrained networks find again.
    const [a, b] = [crop(scene, 0, 0, 240, 240), crop(scene, 64, 40, 240, 240)].map((p) => createPyramid(p));
    const found = await matchByNetworks(engine, networks, a!, b!, { keypoints: 150 });
    expect(found.count).toBeGreaterThan(30);
    expect(found.step).toBe(1);
    expect(right(found, 64, 40)).toBeGreaterThan(0.2);
  });

  it('says where matches lie in images that are matched at a lower level', async () => {
    const scene = syntheticScene(1160, 200, 9);
    const [a, b] = [crop(scene, 0, 0, 1096, 200), crop(scene, 64, 0, 1096, 200)].map((p) => createPyramid(p));
    const found = await matchByNetworks(engine, networks, a!, b!, { keypoints: 150 });
    expect(found.step).toBe(2);
    expect(right(found, 64, 0)).toBeGreaterThan(0.2);
  });
});
