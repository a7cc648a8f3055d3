import {
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  TiepointError,
  type TransformModel,
} from '@tiepoint/geometry';
import { createEngine, type Dlsm, type Engine, type KeypointNetworks } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { isReduced } from './full-resolution.js';
import { importedCorrespondences, type ImportedTiePoints, importWarnings } from './imported-tie-points.js';
import { checkMask } from './read-mask.js';
import type { PlaneOptions } from './plane-options.js';
import { georeferencedStart } from './start-geometry.js';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import { shippedKeypointNetworks } from '../weights/shipped-keypoint-networks.js';
import { tool } from './tool.js';
import type { Provenance, RegisterMethod } from './types.js';
import { readWorkingPlane, type WorkingPlane } from './working-plane.js';

/** How two files are registered; everything has a default. */
export interface RegisterOptions {
  /** `auto` starts from the georeferences, or pixel on pixel, and searches rotation and scale where that does not hold, by correlation nearby, by keypoint networks, and by correlation everywhere; `grid` does not search; `keypoints` starts from keypoints whatever the georeferences say. */
  readonly method?: RegisterMethod;
  /** `auto` is affine unless an information criterion strongly prefers similarity or projective, or a model that bends predicts unseen tie points clearly better. */
  readonly model?: TransformModel | 'auto';
  /** Band of the sensed image, from 1; default the luminance of colour images, else 1. `auto` tries them all, see `chooseBands`. */
  readonly band?: number | 'auto';
  readonly referenceBand?: number | 'auto';
  /** Tie points from elsewhere, joined to those that are found; they are also a start. */
  readonly tiePoints?: ImportedTiePoints;
  /** Where the sensed image may be used: not zero is valid. Of the image's size, pixel on pixel; stays open. */
  readonly mask?: RasterFile;
  /** The same for the reference. */
  readonly referenceMask?: RasterFile;
  /** Whether georeferences are used; default true. */
  readonly georeference?: boolean;
  /** How far from the start matches are sought, px of the reference; default 40. */
  readonly searchRadius?: number;
  /** Localises the tie points; the weights that come with the package unless given, null to do without. */
  readonly dlsm?: Dlsm | null;
  /** Find and match keypoints; those that come with the package, if any do, unless given; null leaves keypoints to RIFT. */
  readonly keypoints?: KeypointNetworks | null;
  /** Longest side that is matched at, px; default 4096. Larger images are averaged down, and their tie points localised at full resolution. */
  readonly workingSide?: number;
  /** Default 0. */
  readonly seed?: number;
  /** An engine to reuse; by default one is made and disposed of. */
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** Two files read and ready to be matched. */
export interface Prepared {
  readonly reference: WorkingPlane;
  readonly sensed: WorkingPlane;
  readonly options: PlaneOptions;
  readonly provenance: Provenance;
  /** Said of the tie points that were given. */
  readonly warnings: readonly string[];
  /** Frees the engine where it was made here. */
  readonly dispose: () => Promise<void>;
}

/** File pixel → pixel of the plane that is matched. */
function shrink(plane: WorkingPlane): MatrixTransform {
  return { model: 'affine', matrix: [1 / plane.scale[0], 0, 0, 0, 1 / plane.scale[1], 0, 0, 0, 1] };
}

/** The options once the bands are known. */
export type PrepareOptions = Omit<RegisterOptions, 'band' | 'referenceBand'> & {
  readonly band?: number;
  readonly referenceBand?: number;
};

/** Reads both files and finds the start. */
export async function prepare(reference: RasterFile, sensed: RasterFile, given: PrepareOptions): Promise<Prepared> {
  const { signal, onProgress, seed = 0, searchRadius = 40 } = given;
  if (!(searchRadius >= 1 && searchRadius <= 1000)) {
    throw new TiepointError('invalid-option', `a search radius of ${searchRadius} px cannot be used`, {
      hint: 'give a number from 1 to 1000',
      value: searchRadius,
    });
  }
  if (given.referenceMask) checkMask(given.referenceMask, reference);
  if (given.mask) checkMask(given.mask, sensed);
  const start = given.georeference === false ? null : await georeferencedStart(reference, sensed);
  onProgress?.('reading');
  const fixed = await readWorkingPlane(reference, given.referenceBand, given.referenceMask, signal, given.workingSide);
  const moving = await readWorkingPlane(sensed, given.band, given.mask, signal, given.workingSide);
  const dlsm = given.dlsm === undefined ? await shippedDlsm() : given.dlsm;
  const { keypoints } = given;
  const engine = given.engine ?? createEngine();
  const input = (
    role: 'reference' | 'sensed',
    file: RasterFile,
    plane: WorkingPlane,
    mask: RasterFile | undefined,
  ): Provenance['inputs'][number] => ({
    role,
    source: file.name,
    width: file.width,
    height: file.height,
    ...(file.georeference === null ? {} : { geotransform: file.georeference.geotransform }),
    ...(file.georeference?.crs?.code ? { crs: file.georeference.crs.code } : {}),
    band: plane.band,
    ...(mask === undefined ? {} : { mask: mask.name }),
  });
  return {
    reference: fixed,
    sensed: moving,
    options: {
      engine,
      start:
        start === null
          ? null
          : composeTransforms(composeTransforms(shrink(moving), start), invertTransform(shrink(fixed))!),
      method: given.method ?? 'auto',
      model: given.model ?? 'auto',
      searchRadius: Math.max(4, searchRadius / Math.max(...fixed.scale)),
      seed,
      ...(given.tiePoints === undefined
        ? {}
        : { given: importedCorrespondences(given.tiePoints, fixed.scale, moving.scale) }),
      ...(isReduced(fixed, moving) ? { full: { reference: fixed, sensed: moving } } : {}),
      ...(dlsm === null ? {} : { dlsm }),
      keypoints: keypoints === undefined ? shippedKeypointNetworks : () => Promise.resolve(keypoints),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
    provenance: {
      tool,
      weights: dlsm?.name ?? null,
      seed,
      inputs: [input('reference', reference, fixed, given.referenceMask), input('sensed', sensed, moving, given.mask)],
      ...(given.tiePoints === undefined ? {} : { tiePoints: given.tiePoints.source }),
    },
    warnings: given.tiePoints === undefined ? [] : importWarnings(given.tiePoints),
    dispose: async () => {
      if (given.engine === undefined) await engine.dispose();
    },
  };
}
