import type { Plane } from '@tiepoint/geometry';

/** A band in memory, eight bits a sample, so that a whole collection fits. */
export interface TrainingImage {
  readonly width: number;
  readonly height: number;
  /** `width * height` */
  readonly data: Uint8ClampedArray;
  /** `width * height`, 1 = valid; absent when all are. */
  readonly mask?: Uint8Array;
}

function percentiles(plane: Plane, low: number, high: number): [number, number] {
  const stride = Math.max(1, Math.floor(plane.data.length / 100_000));
  const values: number[] = [];
  for (let i = 0; i < plane.data.length; i += stride) if (plane.mask?.[i] !== 0) values.push(plane.data[i]!);
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
  return [at(low), at(high)];
}

function holdsBytes(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) {
    const v = data[i]!;
    if (v !== (v & 255)) return false;
  }
  return true;
}

/**
 * A plane in eight bits: as it is where it already holds whole numbers up to 255, else stretched between its 0.1st and 99.9th
 * percentiles.
 */
export function toTrainingImage(plane: Plane): TrainingImage {
  const { width, height, data, mask } = plane;
  const bytes = holdsBytes(data);
  const [low, high] = bytes ? [0, 255] : percentiles(plane, 0.001, 0.999);
  const factor = 255 / Math.max(high - low, 1e-30);
  // Clamped and rounded on assignment.
  const samples = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) samples[i] = (data[i]! - low) * factor;
  return mask ? { width, height, data: samples, mask } : { width, height, data: samples };
}

/** The image as a plane of floats. */
export function toPlane(image: TrainingImage): Plane {
  return { ...image, data: Float32Array.from(image.data) };
}
