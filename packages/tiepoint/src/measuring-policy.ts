/**
 * When more is measured, in decades of false alarms (`logFalseAlarms`, `strengthOf`) unless said otherwise. These are numbers of the search's own, chosen for
 * what measuring costs: they look like the verdict's limits, but moving those leaves the evidence as it is, so that a stored
 * registration can be judged again.
 */
export const measuringPolicy = {
  /** A start that a coarse pass and keypoints support beyond this is followed, and no further one is tried. */
  searchUntil: 20,
  /** Candidates DLSM is asked about where none is supported so far. */
  doubtfulCandidates: 3,
  /** A pass at full resolution supported beyond this is the last where DLSM localises the tie points: matching both ways adds nothing. log10 of false alarms. */
  lastPassUnless: -35,
  /** DLSM's contrast is measured where the windows are less strong than this. */
  contrastBelow: 35,
  /** The geometry follows DLSM where the windows are less strong than this, and contrast speaks for it. */
  followBelow: 17,
  /** Tie points are localised, and a rival place is sought, where windows and contrast are at least this strong: what is weaker is chance anyway. */
  localiseFrom: 17,
  /** The network is asked about another place that fits this well, share of the joint correlation at the solution. */
  rivalFrom: 0.7,
  /** It must find the images this much more alike at the solution than beside it, standard errors, or it cannot compare. */
  comparesFrom: 4,
  /** Where both files carry marks, the ground beside them is looked at if the answer moves no corner by more than this: it may be theirs. Px of the planes. */
  standstill: 6,
  /** Such an answer is theirs where the ground agrees by less than this, and is not followed. Deviations; see `groundBesideMarks`. */
  groundFrom: 1.5,
} as const;
