/** The smallest |sin| of the angle in a minimal sample's triangles for it to be worth solving. */
export const leastSine = 0.02;
