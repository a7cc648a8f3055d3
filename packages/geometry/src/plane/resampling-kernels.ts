/** The names of the resampling kernels, as GDAL's `-r` has them. */
export type ResamplingKernel = 'nearest' | 'bilinear' | 'cubic' | 'cubicspline' | 'lanczos';

/** Every kernel name. */
export const resamplingKernels: readonly ResamplingKernel[] = [
  'nearest',
  'bilinear',
  'cubic',
  'cubicspline',
  'lanczos',
];

/** How far each kernel reaches from its centre, px. */
export const kernelRadius: Readonly<Record<ResamplingKernel, number>> = {
  nearest: 0.5,
  bilinear: 1,
  cubic: 2,
  cubicspline: 2,
  lanczos: 3,
};

/** The weight of a sample at distance `x` px: GDAL's formulas (cubic is Keys' with a = −0.5, cubicspline the B-spline, lanczos has three lobes). */
export function kernelWeight(kernel: ResamplingKernel, x: number): number {
  const d = Math.abs(x);
  switch (kernel) {
    case 'nearest':
      return d <= 0.5 ? 1 : 0;
    case 'bilinear':
      return d < 1 ? 1 - d : 0;
    case 'cubic':
      if (d <= 1) return d * d * (1.5 * d - 2.5) + 1;
      return d < 2 ? d * (d * (-0.5 * d + 2.5) - 4) + 2 : 0;
    case 'cubicspline':
      if (d <= 1) return 2 / 3 - d * d + 0.5 * d ** 3;
      return d < 2 ? (2 - d) ** 3 / 6 : 0;
    case 'lanczos': {
      if (d === 0) return 1;
      if (d >= 3) return 0;
      const t = Math.PI * d;
      return (3 * Math.sin(t) * Math.sin(t / 3)) / (t * t);
    }
  }
}
