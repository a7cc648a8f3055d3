/** How correspondences are sought; `auto` tries the cheap way first and keeps the better-supported answer. */
export const registerMethods = ['auto', 'keypoints', 'grid'] as const;

/** How correspondences are sought, as `--method` names it. */
export type RegisterMethod = (typeof registerMethods)[number];
