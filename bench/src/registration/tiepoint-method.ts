import { createEngine, type Dlsm, type Engine, hopc, type StructureFeatures } from '@tiepoint/matching';
import {
  type PlaneOptions,
  type PlaneRegistration,
  registerPlanes,
  shippedDlsm,
  shippedKeypointNetworks,
} from 'tiepoint';
import type { WarpedPair } from './known-warp.js';
import type { Method } from './method.js';

/** What of the tool is used in place of its defaults. */
interface Parts {
  readonly features?: StructureFeatures;
  readonly dlsm?: Dlsm;
  readonly keypoints?: NonNullable<PlaneOptions['keypoints']>;
  readonly method?: PlaneOptions['method'];
}

/** Registers a pair as users do without a georeference. */
export function registerPair(engine: Engine, pair: WarpedPair, seed: number, parts: Parts): Promise<PlaneRegistration> {
  return registerPlanes(pair.reference, pair.sensed, {
    engine,
    start: null,
    method: 'auto',
    model: 'auto',
    searchRadius: 40,
    seed,
    ...parts,
  });
}

async function ours(name: string, how: Parts): Promise<Method> {
  const engine = createEngine({ threads: 2 });
  return {
    name,
    async run(pair, seed) {
      const begin = performance.now();
      const result = await registerPair(engine, pair, seed, how);
      const seconds = (performance.now() - begin) / 1000;
      const found = result.estimate?.transform;
      return {
        sensedToReference: found ?? null,
        accepted: result.verdict !== 'refuse',
        seconds,
        detail: {
          verdict: result.verdict,
          method: result.method,
          model: result.estimate?.model ?? null,
          accuracy: result.accuracy,
          evidence: result.evidence,
        },
      };
    },
    close: () => engine.dispose(),
  };
}

/** The tool as users run it. */
export const tiepointMethod = async (): Promise<Method> =>
  ours('tiepoint', { dlsm: await shippedDlsm(), keypoints: shippedKeypointNetworks });

/** The tool as it is with `--method keypoints`: geometries come from keypoints only. */
export const tiepointKeypointsMethod = async (): Promise<Method> =>
  ours('tiepoint-keypoints', {
    dlsm: await shippedDlsm(),
    keypoints: shippedKeypointNetworks,
    method: 'keypoints',
  });

/** The tool without networks. */
export const tiepointHandMadeMethod = (): Promise<Method> => ours('tiepoint-handmade', {});

/** The tool with HOPC in place of its own features, without networks. */
export const tiepointHopcMethod = (): Promise<Method> => ours('tiepoint-hopc', { features: hopc() });
