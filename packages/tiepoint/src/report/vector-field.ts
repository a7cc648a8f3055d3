import type { DisplacementVector } from '../assess/displacements.js';
import { chooseExaggeration } from './overlay.js';

/** A field of displacements as an SVG over the reference grid, and how much longer than true its arrows are. */
export interface VectorField {
  readonly svg: string;
  readonly exaggeration: number;
}

const f = (value: number): string => String(Number(value.toFixed(2)));

/** An arrow's head at (x, y) for an arrow along (dx, dy) of the given length. */
function head(x: number, y: number, dx: number, dy: number, size: number): string {
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [(dx / length) * size, (dy / length) * size];
  return `M${f(x - ux - uy / 2)} ${f(y - uy + ux / 2)}L${f(x)} ${f(y)}L${f(x - ux + uy / 2)} ${f(y - uy - ux / 2)}`;
}

/** Draws an arrow from where each thing belongs to where it is shown. */
export function drawVectorField(
  vectors: readonly DisplacementVector[],
  grid: { readonly width: number; readonly height: number },
): VectorField {
  const side = Math.max(grid.width, grid.height);
  const exaggeration = chooseExaggeration(
    vectors.map(({ displacement: [dx, dy] }) => Math.hypot(dx, dy)),
    2 * side,
  );
  const lines: string[] = [];
  const dots: string[] = [];
  for (const {
    reference: [x, y],
    displacement: [dx, dy],
  } of vectors) {
    dots.push(`<circle cx="${f(x)}" cy="${f(y)}" r="${f(side / 400)}"/>`);
    const [ax, ay] = [dx * exaggeration, dy * exaggeration];
    if (!(Math.hypot(ax, ay) > side / 400)) continue;
    lines.push(`M${f(x)} ${f(y)}L${f(x + ax)} ${f(y + ay)}${head(x + ax, y + ay, ax, ay, side / 100)}`);
  }
  const svg =
    `<svg class="vector-field" viewBox="0 0 ${grid.width} ${grid.height}" role="img" aria-label="Displacements at ${vectors.length} tie points">` +
    `<rect width="${grid.width}" height="${grid.height}" fill="none" stroke="currentColor" stroke-opacity=".3" stroke-width="${f(side / 500)}"/>` +
    `<g fill="currentColor" fill-opacity=".5">${dots.join('')}</g>` +
    `<path d="${lines.join('')}" fill="none" stroke="currentColor" stroke-width="${f(side / 400)}"/></svg>`;
  return { svg, exaggeration };
}
