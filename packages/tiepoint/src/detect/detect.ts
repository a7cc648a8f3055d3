import {
  createEngine,
  createPyramid,
  type Detector,
  detectKeypoints,
  type Engine,
  type Keypoints,
  riftKeypoints,
} from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { readWorkingPlane } from '../inputs/working-plane.js';
import { checkMask } from '../inputs/read-mask.js';
import { tool } from '../result/tool.js';
import { keypointNetworksMissing, shippedKeypointNetworks } from '../weights/shipped-keypoint-networks.js';

/** How keypoints of a file are found; everything has a default. */
export interface DetectOptions {
  /** Band, from 1; default the luminance of colour images, else 1. */
  readonly band?: number | undefined;
  /** Where keypoints may lie: not zero is valid. Of the image's size, pixel on pixel; stays open. */
  readonly mask?: RasterFile | undefined;
  /** Keypoints at most, well spread; default 1000. */
  readonly count?: number | undefined;
  /** Least score, on the scale of what finds them (see {@link Keypoint}). Default 0. */
  readonly threshold?: number | undefined;
  /** The network that comes with the package, if one does, unless given; null means RIFT's keypoints. */
  readonly detector?: Detector | null | undefined;
  /** An engine to reuse; by default one is made and disposed of. */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A place that another image of the ground should show too. */
export interface Keypoint {
  /** Px of the file, corner convention. */
  readonly x: number;
  readonly y: number;
  /** Of a network: its confidence, 0 to 1; of the shipped one mostly 0.1 to 0.4. Of RIFT: the maximum moment of phase congruency. */
  readonly score: number;
}

/** The answer of {@link detect}: the JSON contract of `tiepoint detect --json`. */
export interface Detection {
  readonly version: 1;
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** 1-based band number, or `luminance`. */
  readonly band: number | 'luminance';
  /** Best first. */
  readonly keypoints: readonly Keypoint[];
  readonly method: 'network' | 'RIFT';
  readonly seconds: number;
  readonly provenance: { readonly tool: string; readonly weights: string | null };
  readonly warnings: readonly string[];
}

/** Longest side at which RIFT looks at an image, px: its filters see all of it at once. */
const riftSide = 2048;

/**
 * Finds keypoints of one image by the detection network (Li, Han and Ye 2022, §3.2), or RIFT's where there is none.
 *
 * @throws TiepointError `image-too-small`, `weights-missing`, `weights-invalid`, and what reading throws
 */
export async function detect(file: RasterFile, options: DetectOptions = {}): Promise<Detection> {
  const begin = performance.now();
  const { signal, count = 1000, threshold = 0 } = options;
  if (options.mask) checkMask(options.mask, file);
  const { plane, scale, band, warnings } = await readWorkingPlane(file, options.band, options.mask, signal);
  const detector =
    options.detector === undefined ? ((await shippedKeypointNetworks())?.detector ?? null) : options.detector;
  const engine = options.engine ?? createEngine();
  try {
    const levels = detector === null ? createPyramid(plane).levels : [plane];
    const looked = levels.find(({ width, height }) => Math.max(width, height) <= riftSide) ?? levels.at(-1)!;
    const found: Keypoints =
      detector === null
        ? await riftKeypoints(engine, looked, count, signal)
        : await detectKeypoints(engine, detector, looked, { count, threshold, signal });
    const [sx, sy] = [(scale[0] * plane.width) / looked.width, (scale[1] * plane.height) / looked.height];
    const keypoints = Array.from(found.score, (score, i) => ({
      x: found.xy[2 * i]! * sx,
      y: found.xy[2 * i + 1]! * sy,
      score,
    })).filter(({ score }) => score >= threshold);
    const missing = detector === null && options.detector === undefined ? [keypointNetworksMissing] : [];
    const none =
      threshold > 0 && keypoints.length === 0
        ? [`${file.name}: no keypoint has a score of ${threshold}; without a threshold the scores show`]
        : [];
    const coarser = looked === plane ? [] : [`${file.name}: keypoints found at ${looked.width}×${looked.height} px`];
    return {
      version: 1,
      source: file.name,
      width: file.width,
      height: file.height,
      band,
      keypoints,
      method: detector === null ? 'RIFT' : 'network',
      seconds: (performance.now() - begin) / 1000,
      provenance: { tool, weights: detector?.name ?? null },
      warnings: [...warnings, ...missing, ...coarser, ...none, ...(await engine.warnings())],
    };
  } finally {
    if (options.engine === undefined) await engine.dispose();
  }
}
