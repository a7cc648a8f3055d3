import { composeTransforms, invertTransform, type MatrixTransform, TiepointError } from '@tiepoint/geometry';
import { createEngine, featuresOf, type KeypointNetworks } from '@tiepoint/matching';
import type { Approximation, RasterFile } from '@tiepoint/raster';
import { metresPerPixel } from '../result/ground-distance.js';
import { tool } from '../result/tool.js';
import type { Provenance, ProvenanceInput } from '../result/registration.js';
import { type DlsmName, shippedDlsm } from '../weights/shipped-dlsm.js';
import {
  hasShippedKeypointNetworks,
  keypointNetworksMissing,
  shippedKeypointNetworks,
} from '../weights/shipped-keypoint-networks.js';
import { isReduced } from './full-image.js';
import { importedCorrespondences, importWarnings } from './imported-tie-points.js';
import { chooseViews, pointsOfViews, startOfViews, type Views } from './choose-views.js';
import { type ImageView, isMirrored, viewOf } from './image-view.js';
import type { PixelScale } from './pixel-scale.js';
import { checkMask } from './read-mask.js';
import { type RegisterMethod, staysAtStart } from './register-method.js';
import type { RegisterOptions } from './register-options.js';
import { georeferencedStart } from './start-geometry.js';
import { type Task, taskOfPlanes, usualSearchRadius } from './task.js';
import { readWorkingPlane, usualSide, type WorkingPlane } from './working-plane.js';

/** Two files read and ready to be matched. */
export interface Inputs extends AsyncDisposable {
  readonly task: Task;
  /** What of the files the task's planes are. */
  readonly views: Views;
  /** The bands that were read. */
  readonly band: number | 'luminance';
  readonly referenceBand: number | 'luminance';
  readonly provenance: Provenance;
  /** Imported tie points. */
  readonly imported: number;
  /** What was degraded so far, on reading and since. */
  readonly warnings: () => Promise<readonly string[]>;
}

/** The options once the bands are known. */
export type ReadOptions = Omit<RegisterOptions, 'band' | 'referenceBand'> & {
  readonly band?: number | undefined;
  readonly referenceBand?: number | undefined;
};

/** What a start is widened by at most, px of the reference: beyond that the searches without a start are quicker. */
const mostDoubt = 160;
/** Metres that datums lie apart where nothing relates them, mostly. */
const unknownDoubt = 100;

/** The least that windows are searched around a start, px of the plane. */
const leastRadius = 4;

/** File pixel → pixel of the plane that is matched. */
function shrink([x, y]: readonly [number, number]): MatrixTransform {
  return { model: 'affine', matrix: [1 / x, 0, 0, 0, 1 / y, 0, 0, 0, 1] };
}

function onPlanes(start: MatrixTransform | null, { reference, sensed }: PixelScale): MatrixTransform | null {
  return start && composeTransforms(composeTransforms(shrink(sensed), start), invertTransform(shrink(reference))!);
}

function provenanceInput(
  role: ProvenanceInput['role'],
  { name, width, height, georeference }: RasterFile,
  band: WorkingPlane['band'],
  mask: RasterFile | undefined,
): ProvenanceInput {
  return {
    role,
    source: name,
    width,
    height,
    ...(georeference === null ? {} : { geotransform: georeference.geotransform }),
    ...(georeference?.crs?.code ? { crs: georeference.crs.code } : {}),
    band,
    ...(mask === undefined ? {} : { mask: mask.name }),
  };
}

/** How far a start may be off for want of a grid file, px of the reference. */
async function doubtInPixels({ accuracy }: Approximation, reference: RasterFile): Promise<number> {
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  return Math.min(mostDoubt, (2 * (accuracy ?? unknownDoubt)) / (metres ?? 1));
}

/** The weights of DLSM that a method takes where none are named. */
const weightsOf = (method: RegisterMethod | undefined): DlsmName => (method === 'uss2020' ? 'uss2020' : 'dlsm');

/** The networks that options name or the package ships, loaded when wanted, and a warning where the shipped ones are missing. */
async function keypointsOf({ keypoints, method }: ReadOptions): Promise<{
  readonly load: () => Promise<KeypointNetworks | null>;
  readonly warnings: readonly string[];
}> {
  if (keypoints !== undefined) return { load: () => Promise.resolve(keypoints), warnings: [] };
  const wanted = !staysAtStart(method ?? 'auto') && !(await hasShippedKeypointNetworks());
  return { load: shippedKeypointNetworks, warnings: wanted ? [keypointNetworksMissing] : [] };
}

/** Where the sensed image lies to begin with, as far as anything says so. */
interface Placement {
  /** Reference px → sensed px; null where nothing says so. */
  readonly referenceToSensed: MatrixTransform | null;
  /** How far that may be off beyond what files usually are, px of the reference, and why. */
  readonly doubt: number;
  readonly warnings: readonly string[];
}

async function placementOf(reference: RasterFile, sensed: RasterFile, options: ReadOptions): Promise<Placement> {
  const found = options.georeference === false ? null : await georeferencedStart(reference, sensed);
  const nothing = { referenceToSensed: null, doubt: 0, warnings: [] };
  if (found === null) return nothing;
  const { referenceToSensed, approximation } = found;
  // What says the opposite of what the caller knows is no start.
  if (options.mirrored !== undefined && options.mirrored !== isMirrored(referenceToSensed)) return nothing;
  if (approximation === null) return { ...nothing, referenceToSensed };
  return {
    referenceToSensed,
    doubt: await doubtInPixels(approximation, reference),
    warnings: [approximation.text],
  };
}

/** @throws TiepointError `invalid-option` */
function checkReach({ searchRadius = usualSearchRadius, maxShift }: ReadOptions): void {
  if (!(searchRadius >= 1 && searchRadius <= 1000)) {
    throw new TiepointError('invalid-option', `a search radius of ${searchRadius} px cannot be used`, {
      hint: 'give a number from 1 to 1000',
      value: searchRadius,
    });
  }
  if (maxShift !== undefined && !(maxShift > 0)) {
    throw new TiepointError('invalid-option', `a largest shift of ${maxShift} px cannot be used`, {
      hint: 'give a number above 0',
      value: maxShift,
    });
  }
}

function stripeWarnings({ stripes }: Task): readonly string[] {
  if (stripes.length === 0) return [];
  return [`both files carry the same stripes along ${stripes.join(' and ')}: they were taken out before matching`];
}

/**
 * Reads both files and finds the start.
 *
 * @throws TiepointError `invalid-option`, `mask-mismatch`, `no-overlap`, `image-too-small`, `no-valid-pixels`, `no-structure`,
 *   `invalid-control-points`, `weights-missing`, and what reading throws
 */
export async function readInputs(reference: RasterFile, sensed: RasterFile, options: ReadOptions): Promise<Inputs> {
  const { signal, onProgress, seed = 0, searchRadius = usualSearchRadius, tiePoints: given, workingSide } = options;
  checkReach(options);
  if (options.referenceMask) checkMask(options.referenceMask, reference);
  if (options.mask) checkMask(options.mask, sensed);
  const { referenceToSensed, doubt, warnings } = await placementOf(reference, sensed, options);
  const views = chooseViews(reference, sensed, referenceToSensed, {
    margin: searchRadius + doubt,
    workingSide: workingSide ?? usualSide,
    georeference: options.georeference !== false,
    mirrored: options.mirrored,
  });
  const start = referenceToSensed && startOfViews(referenceToSensed, views);
  const tiePoints = given && pointsOfViews(given, views);
  onProgress?.('reading');
  const read = (view: ImageView, band: number | undefined, mask: RasterFile | undefined): Promise<WorkingPlane> => {
    const maskView = mask && viewOf(mask, view.window, view.turned).file;
    return readWorkingPlane(view.file, band, maskView, signal, workingSide);
  };
  const fixed = await read(views.reference, options.referenceBand, options.referenceMask);
  const moving = await read(views.sensed, options.band, options.mask);
  const scale: PixelScale = { reference: fixed.scale, sensed: moving.scale };
  const dlsm = options.dlsm === undefined ? await shippedDlsm(weightsOf(options.method)) : options.dlsm;
  const keypoints = await keypointsOf(options);
  const engine = options.engine ?? createEngine();
  const task = taskOfPlanes(fixed.plane, moving.plane, {
    scale,
    full: isReduced(fixed, moving) ? { reference: fixed, sensed: moving } : null,
    start: onPlanes(start, scale),
    imported: tiePoints === undefined ? null : importedCorrespondences(tiePoints, scale),
    searchRadius: Math.max(leastRadius, (searchRadius + doubt) / Math.max(...fixed.scale)),
    maxShift: options.maxShift === undefined ? null : options.maxShift / fixed.scale[0],
    dlsm,
    keypoints: keypoints.load,
    engine,
    seed,
    signal,
    onProgress,
    ...(options.method === undefined ? {} : { method: options.method }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.features === undefined ? {} : { features: featuresOf(options.features) }),
  });
  return {
    task,
    views,
    band: moving.band,
    referenceBand: fixed.band,
    provenance: {
      tool,
      weights: dlsm?.name ?? null,
      seed,
      inputs: [
        provenanceInput('reference', reference, fixed.band, options.referenceMask),
        provenanceInput('sensed', sensed, moving.band, options.mask),
      ],
      ...(tiePoints === undefined ? {} : { tiePoints: tiePoints.source }),
    },
    imported: tiePoints?.points.length ?? 0,
    warnings: async () => [
      ...(tiePoints === undefined ? [] : importWarnings(tiePoints)),
      ...warnings,
      ...fixed.warnings,
      ...moving.warnings,
      ...keypoints.warnings,
      ...stripeWarnings(task),
      ...(await engine.warnings()),
    ],
    [Symbol.asyncDispose]: async () => {
      if (options.engine === undefined) await engine.dispose();
    },
  };
}
