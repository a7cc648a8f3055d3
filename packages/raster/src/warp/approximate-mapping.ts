import type { PointMapping } from './warp-mapping.js';

/** Maps the pixel centres (or corners) of rows of a target window. */
export interface RowMapping {
  /**
   * Source coordinates of a row of the window.
   * @param row Row within the window; `dx`, `dy` the place within each pixel, 0.5 for centres.
   * @param out Receives `2 * width` coordinates.
   */
  readonly row: (row: number, dx: number, dy: number, out: Float64Array) => void;
  /** The greatest error found where it was measured, source px; 0 where every point is exact. */
  readonly error: number;
}

/** Spacing of the first grid tried, px. */
const nodeSpacing = 64;

/**
 * Maps a window exactly, point by point.
 */
export function exactRows(map: PointMapping, x: number, y: number, width: number): RowMapping {
  return {
    error: 0,
    row: (row, dx, dy, out) => {
      for (let i = 0; i < width; i++) {
        out[2 * i] = x + i + dx;
        out[2 * i + 1] = y + row + dy;
      }
      map(out.length === 2 * width ? out : out.subarray(0, 2 * width));
    },
  };
}

/** Maps a window by a linear map: exact at the row's ends, even in between. */
export function linearRows(map: PointMapping, x: number, y: number, width: number): RowMapping {
  const ends = new Float64Array(4);
  return {
    error: 0,
    row: (row, dx, dy, out) => {
      ends[0] = x + dx;
      ends[1] = ends[3] = y + row + dy;
      ends[2] = x + dx + width;
      map(ends);
      interpolate(ends, width, out);
    },
  };
}

function interpolate(ends: Float64Array, width: number, out: Float64Array): void {
  const [x0, y0] = [ends[0]!, ends[1]!];
  const stepX = (ends[2]! - x0) / width;
  const stepY = (ends[3]! - y0) / width;
  for (let i = 0; i < width; i++) {
    out[2 * i] = x0 + i * stepX;
    out[2 * i + 1] = y0 + i * stepY;
  }
}

/**
 * Maps a window exactly at the nodes of a grid and bilinearly between them. The error is measured at every cell's
 * centre and at the middle of its edges; where it exceeds `tolerance` the grid is halved, down to exact points.
 */
export function approximateRows(
  map: PointMapping,
  x: number,
  y: number,
  width: number,
  height: number,
  tolerance: number,
): RowMapping {
  for (let spacing = nodeSpacing; spacing >= 4; spacing /= 2) {
    const grid = makeGrid(map, x, y, width, height, spacing);
    const error = measure(grid, map, x, y);
    if (error <= tolerance) return { error, row: (row, dx, dy, out) => gridRow(grid, row, dx, dy, width, out) };
  }
  return exactRows(map, x, y, width);
}

interface Grid {
  readonly nodes: Float64Array;
  readonly columns: number;
  readonly rows: number;
  readonly spacing: number;
}

function makeGrid(map: PointMapping, x: number, y: number, width: number, height: number, spacing: number): Grid {
  const columns = Math.ceil(width / spacing) + 1;
  const rows = Math.ceil(height / spacing) + 1;
  const nodes = new Float64Array(2 * columns * rows);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      nodes[2 * (r * columns + c)] = x + c * spacing;
      nodes[2 * (r * columns + c) + 1] = y + r * spacing;
    }
  }
  map(nodes);
  return { nodes, columns, rows, spacing };
}

/** The greatest distance between exact and interpolated points; infinite where a node has no image but its cell may. */
function measure(grid: Grid, map: PointMapping, x: number, y: number): number {
  const { columns, rows, spacing } = grid;
  const places = [
    [0.5, 0.5],
    [0.5, 0],
    [0, 0.5],
  ] as const;
  const exact = new Float64Array(2 * places.length * (columns - 1) * (rows - 1));
  let n = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      for (const [fx, fy] of places) {
        exact[n++] = x + (c + fx) * spacing;
        exact[n++] = y + (r + fy) * spacing;
      }
    }
  }
  map(exact);
  let worst = 0;
  n = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      for (const [fx, fy] of places) {
        const ex = exact[n++]!;
        const ey = exact[n++]!;
        const [ax, ay] = between(grid, c, r, fx, fy);
        const distance = Math.hypot(ax - ex, ay - ey);
        // Both without an image: nothing to draw there. One of them: the border runs through the cell.
        if (Number.isNaN(distance)) {
          if (Number.isNaN(ax) !== Number.isNaN(ex)) return Number.POSITIVE_INFINITY;
        } else if (distance > worst) worst = distance;
      }
    }
  }
  return worst;
}

function between(grid: Grid, c: number, r: number, fx: number, fy: number): [number, number] {
  const { nodes, columns } = grid;
  const a = 2 * (r * columns + c);
  const b = a + 2 * columns;
  const mix = (k: number): number =>
    (nodes[a + k]! * (1 - fx) + nodes[a + 2 + k]! * fx) * (1 - fy) +
    (nodes[b + k]! * (1 - fx) + nodes[b + 2 + k]! * fx) * fy;
  return [mix(0), mix(1)];
}

function gridRow(grid: Grid, row: number, dx: number, dy: number, width: number, out: Float64Array): void {
  const { nodes, columns, rows, spacing } = grid;
  const gy = (row + dy) / spacing;
  const r = Math.min(rows - 2, Math.floor(gy));
  const fy = gy - r;
  for (let c = 0; c + 1 < columns; c++) {
    const a = 2 * (r * columns + c);
    const b = a + 2 * columns;
    // The row's points at both sides of the cell, then even steps between them.
    const x0 = nodes[a]! + (nodes[b]! - nodes[a]!) * fy;
    const y0 = nodes[a + 1]! + (nodes[b + 1]! - nodes[a + 1]!) * fy;
    const stepX = (nodes[a + 2]! + (nodes[b + 2]! - nodes[a + 2]!) * fy - x0) / spacing;
    const stepY = (nodes[a + 3]! + (nodes[b + 3]! - nodes[a + 3]!) * fy - y0) / spacing;
    const from = c * spacing;
    const to = Math.min(width, from + spacing);
    for (let i = from; i < to; i++) {
      out[2 * i] = x0 + (i - from + dx) * stepX;
      out[2 * i + 1] = y0 + (i - from + dx) * stepY;
    }
  }
}
