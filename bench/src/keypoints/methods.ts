import { d2Method } from './d2.js';
import type { KeypointMethod, KeypointMethodFactory } from './method.js';
import { li2022Method } from './li2022.js';
import { psoSiftMethod } from './pso-sift.js';
import { r2d2Method } from './r2d2.js';
import { riftGuidedMethod, riftMethod } from './rift.js';
import { sarSiftMethod } from './sar-sift.js';
import { affineSiftMethod, siftMethod } from './sift.js';
import { superPointMethod, superPointStandInMethod } from './superpoint.js';
import { tiepointMethod, tiepointGuidedMethod } from './tiepoint.js';

const factories: Readonly<Record<string, KeypointMethodFactory>> = {
  tiepoint: tiepointMethod,
  'tiepoint-guided': tiepointGuidedMethod,
  li2022: li2022Method,
  sift: siftMethod,
  asift: affineSiftMethod,
  'pso-sift': psoSiftMethod,
  'sar-sift': sarSiftMethod,
  rift: riftMethod,
  'rift-guided': riftGuidedMethod,
  r2d2: r2d2Method,
  superpoint: superPointMethod,
  'superpoint-stand-in': superPointStandInMethod,
  'd2-net': d2Method,
};

/** Opens the methods named, all of them unless given; those that cannot run here are left out, which is said. */
export async function openMethods(
  names: readonly string[] | undefined,
  places: Parameters<KeypointMethodFactory>[0],
): Promise<KeypointMethod[]> {
  const open: KeypointMethod[] = [];
  for (const name of names ?? Object.keys(factories)) {
    const factory = factories[name];
    if (factory === undefined)
      throw new Error(`unknown method ${name}; there are ${Object.keys(factories).join(', ')}`);
    const method = await factory(places);
    if ('absent' in method) console.error(`${name} left out: ${method.absent}`);
    else open.push(method);
  }
  return open;
}
