import { createEngine, type Engine, structureFeatures } from '@tiepoint/matching';
import {
  registerTask,
  shippedDlsm,
  shippedKeypointNetworks,
  type TaskOptions,
  taskOfPlanes,
  type TaskResult,
} from 'tiepoint';
import type { WarpedPair } from './known-warp.js';
import type { Method, MethodFactory } from './method.js';

/** What of the tool is used in place of its defaults. */
type Parts = Pick<TaskOptions, 'features' | 'dlsm' | 'keypoints' | 'method'>;

/** Registers a pair as users do without a georeference. */
export function registerPair(engine: Engine, pair: WarpedPair, seed: number, parts: Parts): Promise<TaskResult> {
  return registerTask(taskOfPlanes(pair.reference, pair.sensed, { engine, seed, ...parts }));
}

async function ours(name: string, how: Parts): Promise<Method> {
  const engine = createEngine({ threads: 2 });
  return {
    name,
    async run(pair, seed) {
      const begin = performance.now();
      const result = await registerPair(engine, pair, seed, how);
      const seconds = (performance.now() - begin) / 1000;
      const { verdict, method } = result;
      return {
        sensedToReference: result.found ? result.model.sensedToReference : null,
        accepted: verdict !== 'refuse',
        seconds,
        detail: {
          verdict,
          method,
          model: result.found ? result.model.sensedToReference.model : null,
          accuracy: result.found ? result.accuracy : null,
          evidence: result.found ? result.evidence : null,
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

/** The grid with the network of Uss 2020, trained by the paper's loss, as `--method uss2020`: nothing is searched. */
export const uss2020Method = async (): Promise<Method> =>
  ours('uss2020', { dlsm: await shippedDlsm('uss2020'), method: 'uss2020' });

/** The tool without networks. */
export const tiepointHandMadeMethod = (): Promise<Method> => ours('tiepoint-handmade', {});

/** The tool with each of the structure features in place of its own, without networks: `tiepoint-hopc`, … */
export const tiepointFeatureMethods: Readonly<Record<string, MethodFactory>> = Object.fromEntries(
  Object.entries(structureFeatures).map(([name, features]) => [
    `tiepoint-${name}`,
    () => ours(`tiepoint-${name}`, { features }),
  ]),
);
