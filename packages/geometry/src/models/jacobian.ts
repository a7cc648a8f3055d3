/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of the mapped point (X, Y) at (x, y). */
export type Jacobian = [number, number, number, number];
