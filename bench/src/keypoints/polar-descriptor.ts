/** Gradients of an image at one scale. */
export interface GradientField {
  readonly width: number;
  readonly height: number;
  readonly magnitude: Float32Array;
  /** Direction, rad, in [0, 2π). */
  readonly angle: Float32Array;
}

/** A sample of a field with the scale and direction it is described at. */
export interface DescribedPlace {
  readonly column: number;
  readonly row: number;
  /** Samples. */
  readonly scale: number;
  /** Rad. */
  readonly angle: number;
}

const fullTurn = 2 * Math.PI;
/** Bins of the histogram of directions, and how high a second peak must be (Lowe 2004). */
const directionBins = 36;
const peakShare = 0.8;
/** Radii of the histogram of directions and of the descriptor, scales (Dellinger 2015, §IV). */
const directionRadius = 6;
const descriptorRadius = 12;
/** Radii of the inner rings, of the outermost (Mikolajczyk 2005, GLOH). */
const rings = [0.25, 0.73] as const;
/** Sectors of the outer rings, and bins of direction in each. */
const sectors = 8;
const bins = 8;
/** No element may be larger before the last normalisation (Lowe 2004). */
const largest = 0.2;

/** Numbers of a descriptor: a disc and two rings of eight sectors, of eight directions each. */
export const polarLength = (1 + 2 * sectors) * bins;

/** The gradient field of derivatives along both axes. */
export function gradientField(width: number, height: number, gx: Float32Array, gy: Float32Array): GradientField {
  const magnitude = new Float32Array(gx.length);
  const angle = new Float32Array(gx.length);
  for (let i = 0; i < gx.length; i++) {
    magnitude[i] = Math.hypot(gx[i]!, gy[i]!);
    const turn = Math.atan2(gy[i]!, gx[i]!);
    angle[i] = turn < 0 ? turn + fullTurn : turn;
  }
  return { width, height, magnitude, angle };
}

/** Calls `visit` for each sample of the field within a circle. */
function eachWithin(
  { width, height }: GradientField,
  column: number,
  row: number,
  radius: number,
  visit: (i: number, dx: number, dy: number) => void,
): void {
  for (let y = Math.max(0, row - radius); y <= Math.min(height - 1, row + radius); y++) {
    const [dy, reach] = [y - row, Math.floor(Math.sqrt(radius * radius - (y - row) ** 2))];
    for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
      visit(y * width + x, x - column, dy);
    }
  }
}

/** The strongest directions around a sample, rad: peaks of the smoothed histogram, between its bins. */
export function dominantAngles(field: GradientField, column: number, row: number, scale: number): number[] {
  const raw = new Float64Array(directionBins);
  eachWithin(field, column, row, Math.round(directionRadius * scale), (i) => {
    const bin = Math.round((field.angle[i]! * directionBins) / fullTurn) % directionBins;
    raw[bin]! += field.magnitude[i]!;
  });
  const at = (values: Float64Array, bin: number): number => values[(bin + directionBins) % directionBins]!;
  const smooth = raw.map(
    (v, b) => (at(raw, b - 2) + at(raw, b + 2) + 4 * (at(raw, b - 1) + at(raw, b + 1)) + 6 * v) / 16,
  );
  const least = peakShare * Math.max(...smooth);
  const angles: number[] = [];
  for (const [bin, v] of smooth.entries()) {
    const [before, after] = [at(smooth, bin - 1), at(smooth, bin + 1)];
    if (!(v > 0 && v >= least && v > before && v >= after)) continue;
    const place = bin + (0.5 * (before - after)) / (before + after - 2 * v);
    angles.push((((place + directionBins) % directionBins) * fullTurn) / directionBins);
  }
  return angles;
}

function toUnitLength(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
  for (let i = 0; i < vector.length; i++) vector[i]! /= Math.max(length, 1e-12);
}

/**
 * Describes a place by histograms of gradient directions in log-polar sectors, both turned by the place's direction: the descriptor
 * of SAR-SIFT (Dellinger et al. 2015, §IV) and PSO-SIFT (Ma et al. 2017), a GLOH with eight sectors.
 *
 * @param out - {@link polarLength} numbers, of unit length afterwards
 */
export function describePolar(field: GradientField, place: DescribedPlace, out: Float32Array): void {
  out.fill(0);
  const radius = Math.round(descriptorRadius * place.scale);
  const [inner, middle] = [(rings[0] * radius) ** 2, (rings[1] * radius) ** 2];
  eachWithin(field, place.column, place.row, radius, (i, dx, dy) => {
    const squared = dx * dx + dy * dy;
    const ring = squared <= inner ? 0 : squared <= middle ? 1 : 2;
    const turned = (angle: number): number => (angle - place.angle + 2 * fullTurn) % fullTurn;
    const sector = Math.floor((turned(Math.atan2(dy, dx)) * sectors) / fullTurn) % sectors;
    const cell = ring === 0 ? 0 : 1 + (ring - 1) * sectors + sector;
    // Shared between the two nearest directions.
    const direction = (turned(field.angle[i]!) * bins) / fullTurn;
    const bin = Math.floor(direction);
    const share = direction - bin;
    out[cell * bins + (bin % bins)]! += field.magnitude[i]! * (1 - share);
    out[cell * bins + ((bin + 1) % bins)]! += field.magnitude[i]! * share;
  });
  toUnitLength(out);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(out[i]!, largest);
  toUnitLength(out);
}
