import {
  createEngine,
  type Detector,
  detectKeypoints,
  type Engine,
  findViews,
  type KeypointImage,
  type Matcher,
  nearestKeypoints,
  riftKeypoints,
} from '@tiepoint/matching';
import type { KeypointMethod } from './method.js';

/** What a method of {@link networksMethod} consists of. */
export interface NetworkParts {
  readonly name: string;
  /** RIFT's keypoints where there is none. */
  readonly detector: Detector | null;
  /** Keypoints are not matched where there is none. */
  readonly matcher: Matcher | null;
}

/** Residual beyond which a pair does not count for a view, px. */
const threshold = 5;

/** The likeliest partners in the view of the sensed image that most pairs agree on. */
async function nearestInView(engine: Engine, matcher: Matcher, reference: KeypointImage, sensed: KeypointImage) {
  const [view] = await findViews(engine, matcher, reference, sensed, { threshold, seed: 0 });
  return await nearestKeypoints(engine, matcher, reference, sensed, view);
}

/** A detection and a cross-fusion network as a method. It keeps the strongest keypoints, as the rivals do, not the best spread. */
export function networksMethod({ name, detector, matcher }: NetworkParts): KeypointMethod {
  const engine = createEngine();
  return {
    name,
    version: `${detector?.name ?? 'RIFT'}; ${matcher?.name ?? 'none'}`,
    async predict(reference, sensed, count) {
      const begin = performance.now();
      const [a, b] = [reference, sensed].map((plane) =>
        detector === null
          ? riftKeypoints(engine, plane, count)
          : detectKeypoints(engine, detector, plane, { count, spread: false }),
      );
      const [fixed, moving] = [await a!, await b!];
      const found =
        matcher === null
          ? {
              partner: new Int32Array(fixed.count).fill(-1),
              score: new Float32Array(fixed.count),
              back: new Int32Array(moving.count).fill(-1),
            }
          : await nearestInView(
              engine,
              matcher,
              { plane: reference, keypoints: fixed },
              { plane: sensed, keypoints: moving },
            );
      const seconds = (performance.now() - begin) / 1000;
      return { keypoints: { reference: fixed.xy, sensed: moving.xy }, ...found, seconds };
    },
    close: () => engine.dispose(),
  };
}
