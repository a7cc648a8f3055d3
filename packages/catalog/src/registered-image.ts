/** What is known of a registered image beside its files. */
export interface RegisteredImageFacts {
  readonly id: string;
  /** RFC 3339; when it was registered where that of the image is not known. */
  readonly datetime: string | null;
  /** Ring of [longitude, latitude]; null where nothing says where it lies. */
  readonly footprint: readonly (readonly [number, number])[] | null;
  /** Name and version of the tool. */
  readonly software: readonly [string, string];
  /** How it was made, in words. */
  readonly lineage: string;
  /** Metres; null where the ground resolution is not known. */
  readonly accuracy: {
    /** Of the transform as predicted, an axis. */
    readonly predictedSd: number;
    /** Root mean square error of tie points that took no part in the fit, both axes together. */
    readonly checkRmse: number;
  } | null;
}
