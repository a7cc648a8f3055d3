export { createEngine, type Engine, type EngineOptions } from './engine.js';
export { hopc, type HopcOptions } from './features/hopc.js';
export { mind, type MindOptions, type MindScale } from './features/mind.js';
export { orientedGradients, type OrientedGradientOptions } from './features/oriented-gradients.js';
export { phaseCongruency, type PhaseCongruency, type PhaseCongruencyOptions } from './features/phase-congruency.js';
export type { Described, StructureFeatures } from './features/structure-features.js';
export { type GridMatches, type GridPass, matchGrid } from './grid/grid-match.js';
export { createPyramid, levelFor, type Pyramid } from './image/pyramid.js';
export { anyPose, nearPose, type Pose, type PoseRange, searchPose } from './pose/pose-search.js';
