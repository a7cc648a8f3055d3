import { covarianceEllipse, transformPoint } from '@tiepoint/geometry';
import type { ReportInput } from './report-input.js';

/** Tie points as an SVG over the reference grid, and how much longer than true the residuals are drawn. */
export interface Overlay {
  readonly svg: string;
  readonly exaggeration: number;
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The factor that makes the longer residuals of inliers about a thirtieth of the picture, from a round series. */
export function chooseExaggeration(residuals: readonly number[], side: number): number {
  if (residuals.length === 0) return 1;
  const sorted = residuals.toSorted((a, b) => a - b);
  const long = sorted[Math.floor(0.9 * (sorted.length - 1))]!;
  const wanted = side / 30 / Math.max(long, 1e-9);
  return steps.findLast((step) => step <= wanted) ?? 1;
}

const f = (value: number): string => String(Number(value.toFixed(2)));

/**
 * Draws each inlier as a dot at its matched position with its 90 % error ellipse and a line to where the transform puts it
 * (both exaggerated), and each other tie point as a cross.
 */
export function drawOverlay(input: ReportInput): Overlay {
  const { grid, tiePoints, sensedToReference } = input;
  const side = Math.max(grid.width, grid.height);
  const inliers = tiePoints.filter((point) => point.inlier === true);
  const exaggeration = chooseExaggeration(
    inliers.map((point) => point.residual ?? 0),
    side,
  );
  const dot = side / 320;
  const ellipses: string[] = [];
  const lines: string[] = [];
  const dots: string[] = [];
  const crosses: string[] = [];
  for (const { sensed, reference, covariance, inlier, imported } of tiePoints) {
    const [x, y] = reference;
    if (inlier !== true) {
      const r = dot * 1.2;
      crosses.push(`M${f(x - r)} ${f(y - r)}l${f(2 * r)} ${f(2 * r)}m${f(-2 * r)} 0l${f(2 * r)} ${f(-2 * r)}`);
      continue;
    }
    const { major, minor, angle } = covarianceEllipse(covariance, 0.9);
    ellipses.push(
      `<ellipse rx="${f(major * exaggeration)}" ry="${f(minor * exaggeration)}" transform="translate(${f(x)} ${f(y)}) rotate(${f((angle * 180) / Math.PI)})"/>`,
    );
    // Imported points are squares.
    dots.push(
      imported
        ? `<rect x="${f(x - 1.5 * dot)}" y="${f(y - 1.5 * dot)}" width="${f(3 * dot)}" height="${f(3 * dot)}"/>`
        : `<circle cx="${f(x)}" cy="${f(y)}" r="${f(dot)}"/>`,
    );
    if (sensedToReference === null) continue;
    const [px, py] = transformPoint(sensedToReference, sensed[0], sensed[1]);
    lines.push(`M${f(x)} ${f(y)}l${f((px - x) * exaggeration)} ${f((py - y) * exaggeration)}`);
  }
  const svg =
    `<svg class="overlay" viewBox="0 0 ${grid.width} ${grid.height}" aria-hidden="true">` +
    `<g class="ellipses">${ellipses.join('')}</g>` +
    `<path class="casing" d="${lines.join('')}"/><path class="residuals" d="${lines.join('')}"/>` +
    `<path class="casing" d="${crosses.join('')}"/><path class="crosses" d="${crosses.join('')}"/>` +
    `<g class="dots">${dots.join('')}</g></svg>`;
  return { svg, exaggeration };
}
