import { identity, type Plane } from '@tiepoint/geometry';
import { createRandom } from 'onnx-grad';
import { expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import type { Dlsm } from './compare.js';
import { correlationNetwork } from './networks.js';
import { compareAtShifts } from './shifted-patches.js';

const side = 64;

it('compares patches turned by 180° as if the images lay the other way round, and turns the answer back', async () => {
  const random = createRandom(4);
  const network = correlationNetwork;
  const dlsm: Dlsm = {
    name: 'untrained',
    network,
    parameters: network.create(random, 5),
    provenance: '',
    temperature: 1,
  };
  const noise = (): Plane => ({
    width: side,
    height: side,
    data: Float32Array.from({ length: side * side }, () => random.normal()),
  });
  const planes = [noise(), noise()] as const;
  const overturned = planes.map((plane) => ({ ...plane, data: plane.data.toReversed() }));
  await using engine = createEngine({ threads: 1 });
  const compare = ([reference, sensed]: readonly Plane[], turned: boolean) => {
    const whole = (plane: Plane | undefined) => ({ plane: plane!, left: 0, top: 0 });
    const place = { x: side / 2, y: side / 2, reference: whole(reference), sensed: whole(sensed) };
    const places = [{ ...place, referenceToSensed: identity }];
    return compareAtShifts(engine, dlsm, places, [[0, 0]], [1, 1], undefined, turned);
  };
  const [turned, other, plain] = [
    await compare(planes, true),
    await compare(overturned, false),
    await compare(planes, false),
  ];
  expect(turned.dx[0]).toBeCloseTo(-other.dx[0]!, 5);
  expect(turned.dy[0]).toBeCloseTo(-other.dy[0]!, 5);
  expect(turned.logArea[0]).toBeCloseTo(other.logArea[0]!, 5);
  expect(turned.dx[0]).not.toBeCloseTo(plain.dx[0]!, 3);
});
