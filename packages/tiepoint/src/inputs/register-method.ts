/**
 * How correspondences are sought; `auto` tries the cheap way first and keeps the better-supported answer. `uss2020` is `grid` with the
 * network of the paper (Uss 2020), trained by its loss.
 */
export const registerMethods = ['auto', 'keypoints', 'grid', 'uss2020'] as const;

/** How correspondences are sought, as `--method` names it. */
export type RegisterMethod = (typeof registerMethods)[number];

/** Whether a method matches where the start puts the images, and searches nothing else. */
export function staysAtStart(method: RegisterMethod): boolean {
  return method === 'grid' || method === 'uss2020';
}
