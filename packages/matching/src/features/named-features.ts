import { hopc } from './hopc.js';
import { mind } from './mind.js';
import { orientedGradients } from './oriented-gradients.js';
import type { StructureFeatures } from './structure-features.js';

/** The structure features by name: the one list that registration, benches and training choose from. */
export const structureFeatures = {
  mind: mind(),
  hopc: hopc(),
  'oriented-gradients': orientedGradients(),
} as const satisfies Readonly<Record<string, StructureFeatures>>;

/** A name of {@link structureFeatures}. */
export type StructureFeatureName = keyof typeof structureFeatures;

/** The features of a name; features of one's own as they are. */
export function featuresOf(features: StructureFeatureName | StructureFeatures): StructureFeatures {
  return typeof features === 'string' ? structureFeatures[features] : features;
}
