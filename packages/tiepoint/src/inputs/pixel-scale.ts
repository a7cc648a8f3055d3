/** Whose pixels lengths are in: those of the planes that are matched, or of the files. They differ where files are averaged down. */
export type PixelUnit = 'plane px' | 'px';

/** Pixels of the files per pixel of the planes that are matched, along x and y. */
export interface PixelScale {
  readonly reference: readonly [number, number];
  readonly sensed: readonly [number, number];
}

/** Of planes at the files' own resolution. */
export const fullResolution: PixelScale = { reference: [1, 1], sensed: [1, 1] };

/** Pixels of the reference's file per pixel of its plane, whatever the direction: the root of the area. */
export function lengthScale({ reference: [x, y] }: PixelScale): number {
  return Math.sqrt(x * y);
}

/** Whether the planes are the files themselves. */
export function isFullResolution({ reference, sensed }: PixelScale): boolean {
  return [...reference, ...sensed].every((scale) => scale === 1);
}
