import { isMatrixTransform } from '@tiepoint/geometry';
import { createEngine, type Dlsm, hopc, type StructureFeatures } from '@tiepoint/matching';
import { registerPlanes, shippedDlsm } from 'tiepoint';
import type { Method } from './method.js';

async function ours(name: string, how: { features?: StructureFeatures; dlsm?: Dlsm }): Promise<Method> {
  const engine = createEngine({ threads: 2 });
  return {
    name,
    async run(pair, seed) {
      const begin = performance.now();
      const result = await registerPlanes(pair.reference, pair.sensed, {
        engine,
        start: null,
        method: 'auto' as const,
        model: 'auto',
        searchRadius: 40,
        seed,
        ...how,
      });
      const seconds = (performance.now() - begin) / 1000;
      const found = result.estimate?.transform;
      return {
        sensedToReference: found !== undefined && isMatrixTransform(found) ? found : null,
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
export const tiepointMethod = async (): Promise<Method> => ours('tiepoint', { dlsm: await shippedDlsm() });

/** The tool without learned localisation. */
export const tiepointHandMadeMethod = (): Promise<Method> => ours('tiepoint-handmade', {});

/** The tool with HOPC in place of its own features, without learned localisation. */
export const tiepointHopcMethod = (): Promise<Method> => ours('tiepoint-hopc', { features: hopc() });
