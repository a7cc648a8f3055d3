import { rescale, subset, type Transform } from '@tiepoint/geometry';
import {
  type Dlsm,
  type DlsmMatches,
  type GridMatches,
  localisePatches,
  matchDlsm,
  patchSide,
  spreadOf,
} from '@tiepoint/matching';
import { planesOf, type Task } from '../inputs/task.js';
import type { TiePointSet } from '../model/tie-point-set.js';
import { fullResolutionPlaces } from './full-resolution.js';

/** The matches of a grid pass as tie points. */
export function gridTiePoints(matches: GridMatches, window: number): TiePointSet {
  const { source, target, covariance, score } = matches;
  return { points: { source, target, covariance }, score, window, predicted: false };
}

/** Patches along the longer side, at most, and the least distance of their centres, px: nearer ones share most of their ground. */
const patches = { cells: 16, spacing: 16 };
/**
 * How far off the place may be that a pass of the grid found, px. It is mostly right to a pixel, but a patch that says little says it
 * lies where it is looked for: looking there alone would confirm any geometry.
 */
const reach = 4;
/** A patch whose deviation is predicted larger than this shows too little to be a tie point, px. */
export const mostDeviation = 1.5;
/** Fewer tie points than this do not replace those of the grid. */
const fewest = 12;

/** What a pass of the planes leaves at full resolution is more where they are much smaller. */
const reachOfSmallPlanes = 6;

/** Localises patches of the files, at places of the planes. */
async function atFullResolution(
  { engine, signal }: Task,
  dlsm: Dlsm,
  { reference, sensed }: NonNullable<Task['full']>,
  referenceToSensed: Transform,
  cells: number,
): Promise<DlsmMatches> {
  const places = await fullResolutionPlaces(reference, sensed, referenceToSensed, cells);
  const spread = [spreadOf(reference.plane), spreadOf(sensed.plane)] as const;
  return localisePatches(
    engine,
    dlsm,
    places,
    spread,
    { reach: reference.scale[0] > 2 ? reachOfSmallPlanes : reach },
    signal,
  );
}

/** Scales as {@link rescale} takes them to come from the pixels of the files to those of the planes. */
function toPlanes([x, y]: readonly [number, number]): readonly [number, number] {
  return [1 / x, 1 / y];
}

/**
 * Tie points localised by DLSM at a geometry that is right to a pixel or two: patches whose predicted error is small, with their
 * covariance. Where the planes are smaller than the files, patches are cut from those.
 *
 * @returns px of the planes; null where too few patches say where they belong
 */
export async function localisedTiePoints(
  task: Task,
  dlsm: Dlsm,
  referenceToSensed: Transform,
): Promise<TiePointSet | null> {
  const { engine, full, scale, signal } = task;
  const [reference, sensed] = planesOf(task);
  const cells = Math.min(patches.cells, Math.floor(Math.max(reference.width, reference.height) / patches.spacing));
  const found =
    full === null
      ? await matchDlsm(engine, dlsm, reference, sensed, referenceToSensed, { cells, reach }, signal)
      : await atFullResolution(task, dlsm, full, referenceToSensed, cells);
  const kept = Array.from({ length: found.count }, (_, i) => i).filter((i) => found.deviation[i]! < mostDeviation);
  if (kept.length < fewest) return null;
  const points = subset(found, kept);
  return {
    points: full === null ? points : rescale(points, toPlanes(scale.sensed), toPlanes(scale.reference)),
    score: Float64Array.from(kept, (i) => 1 / (1 + found.deviation[i]! ** 2)),
    window: full === null ? patchSide : patchSide / scale.reference[0],
    predicted: true,
  };
}
