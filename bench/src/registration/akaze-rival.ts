import { createRequire } from 'node:module';
import { type Matrix3, type Plane, affine, composeTransforms, projective, translation } from '@tiepoint/geometry';
import type * as OpenCv from '@techstark/opencv-js';
import type { Method, MethodFactory } from './method.js';

/** The build has AKAZE; its type declarations do not. */
interface Akaze {
  detectAndCompute(image: OpenCv.Mat, mask: OpenCv.Mat, keypoints: OpenCv.KeyPointVector, out: OpenCv.Mat): void;
  delete(): void;
}
type Cv = typeof OpenCv & { readonly AKAZE: new () => Akaze };

function matOf(cv: Cv, { width, height }: Plane, samples: ArrayLike<number>): OpenCv.Mat {
  const mat = new cv.Mat(height, width, cv.CV_8UC1);
  for (let i = 0; i < samples.length; i++) mat.data[i] = Math.max(0, Math.min(255, Math.round(samples[i]!)));
  return mat;
}

/** AKAZE with ratio test and MAGSAC, from OpenCV compiled to WebAssembly. */
export const akazeRival: MethodFactory = async () => {
  const cv = createRequire(import.meta.url)('@techstark/opencv-js') as Cv & { then?: unknown };
  // The module is a thenable that resolves to itself: awaiting it would never end.
  delete cv.then;
  if ((cv as Partial<Cv>).Mat === undefined) {
    await new Promise<void>((resolve) => {
      cv.onRuntimeInitialized = () => resolve();
    });
  }
  const method: Method = {
    name: 'akaze',
    async run({ reference, sensed }) {
      const begin = performance.now();
      const open: { delete(): void }[] = [];
      const keep = <T extends { delete(): void }>(x: T): T => {
        open.push(x);
        return x;
      };
      try {
        const detector = keep(new cv.AKAZE());
        const describe = (plane: Plane): { keypoints: OpenCv.KeyPointVector; descriptors: OpenCv.Mat } => {
          const image = keep(matOf(cv, plane, plane.data));
          const mask = keep(
            matOf(cv, plane, plane.mask?.map((v) => v * 255) ?? new Uint8Array(plane.data.length).fill(255)),
          );
          const keypoints = keep(new cv.KeyPointVector());
          const descriptors = keep(new cv.Mat());
          detector.detectAndCompute(image, mask, keypoints, descriptors);
          return { keypoints, descriptors };
        };
        const fixed = describe(reference);
        const moving = describe(sensed);
        const answer = (matrix: Matrix3 | null): Awaited<ReturnType<Method['run']>> => ({
          sensedToReference:
            matrix === null
              ? null
              : // OpenCV puts (0, 0) at the first pixel's centre.
                composeTransforms(
                  translation(0.5, 0.5),
                  composeTransforms(projective(matrix), translation(-0.5, -0.5)),
                ),
          accepted: matrix !== null,
          seconds: (performance.now() - begin) / 1000,
        });
        if (fixed.keypoints.size() < 4 || moving.keypoints.size() < 4) return answer(null);
        const matcher = keep(new cv.BFMatcher(cv.NORM_HAMMING, false));
        const matches = keep(new cv.DMatchVectorVector());
        matcher.knnMatch(moving.descriptors, fixed.descriptors, matches, 2);
        const from: number[] = [];
        const to: number[] = [];
        for (let i = 0; i < matches.size(); i++) {
          const pair = matches.get(i);
          if (pair.size() < 2 || pair.get(0).distance >= 0.85 * pair.get(1).distance) continue;
          const a = moving.keypoints.get(pair.get(0).queryIdx).pt;
          const b = fixed.keypoints.get(pair.get(0).trainIdx).pt;
          from.push(a.x, a.y);
          to.push(b.x, b.y);
        }
        if (from.length < 8) return answer(null);
        const src = keep(cv.matFromArray(from.length / 2, 1, cv.CV_32FC2, from));
        const dst = keep(cv.matFromArray(to.length / 2, 1, cv.CV_32FC2, to));
        const inliers = keep(new cv.Mat());
        // 38 is USAC_MAGSAC, which this build has but does not name.
        const found = keep(cv.estimateAffine2D(src, dst, inliers, 38, 3, 10_000, 0.999, 10));
        if (found.rows !== 2 || cv.countNonZero(inliers) < 6) return answer(null);
        const [a, b, c, d, e, f] = found.data64F as unknown as [number, number, number, number, number, number];
        return answer(affine(a, b, c, d, e, f).matrix);
      } finally {
        for (const x of open) x.delete();
      }
    },
    close: async () => {},
  };
  return method;
};
