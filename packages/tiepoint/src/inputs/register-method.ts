/** How correspondences are sought; `auto` tries the cheap way first and keeps the better-supported answer. */
export const registerMethods = ['auto', 'keypoints', 'grid'] as const;

/** See {@link registerMethods}. */
export type RegisterMethod = (typeof registerMethods)[number];
