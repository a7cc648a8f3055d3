import type { RegisterMethod } from '../inputs/register-method.js';
import type { Start } from './start.js';
import { borderSearch, globalSearch, nearSearch, partSearch } from './starts/correlation-search.js';
import { georeference } from './starts/georeference.js';
import { importedPoints } from './starts/imported-points.js';
import { networkKeypoints, networkViews, riftKeypoints } from './starts/keypoints.js';

/**
 * The starts of each method, from likely to far-fetched: a later one is tried where no earlier one is well supported. Keypoints find
 * what is far from the start more surely than correlation, but cost as much as the near search and more.
 */
export const startsOf: Readonly<Record<RegisterMethod, readonly Start[]>> = {
  auto: [
    importedPoints,
    georeference,
    nearSearch,
    partSearch,
    networkViews,
    networkKeypoints,
    borderSearch,
    globalSearch,
  ],
  grid: [importedPoints, georeference],
  uss2020: [importedPoints, georeference],
  keypoints: [networkViews, networkKeypoints, riftKeypoints],
};
