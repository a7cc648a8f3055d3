/** How an image lies to another, as far as patches are concerned. */
export interface ImageView {
  /** Rad, from the other's directions to this image's. */
  readonly angle: number;
  /** Px of this image a px of the other. */
  readonly scale: number;
}

/** An image as it comes. */
export const asItIs: ImageView = { angle: 0, scale: 1 };
