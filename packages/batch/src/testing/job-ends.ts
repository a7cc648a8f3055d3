import { createRandom } from '@tiepoint/geometry';
import type { JobEnd } from '../run/run-batch.js';

/** Ends of jobs as a batch of so many pairs may leave them, with a name and a reason that try to break out of a page. */
export function jobEnds(count: number): readonly JobEnd[] {
  const random = createRandom(4);
  return Array.from({ length: count }, (_, i): JobEnd => {
    const kind = i % 20;
    const status = kind === 7 ? 4 : kind === 11 ? 5 : kind === 13 ? 3 : 0;
    const [x, y] = [10 + 0.1 * (i % 100), 45 + 0.07 * Math.floor(i / 100)];
    const shift = Math.abs(random.normal()) * 3;
    const name = i === 1 ? '</script><img src=x onerror=alert(1)>' : `scene-${i}`;
    const outcome = {
      verdict: status === 0 ? 'accept' : status === 4 ? 'refuse' : 'warn',
      reasons: status === 0 ? [] : ['the agreement may be chance, "truly"'],
      warnings: [],
      model: 'affine',
      tiePoints: 400,
      inliers: 300 + (i % 90),
      ce90: 0.5 + random.uniform(),
      checkRmse: 0.4,
      predictedSd: 0.2,
      ce90Metres: 5 + random.uniform(),
      shiftX: status === 4 ? null : shift,
      shiftY: status === 4 ? null : 0,
      shiftMetres: status === 4 ? null : 10 * shift,
      footprint: [
        [x, y],
        [x + 0.08, y],
        [x + 0.08, y + 0.06],
        [x, y + 0.06],
        [x, y],
      ] as [number, number][],
      seconds: 2,
    } as const;
    return {
      job: {
        id: `id-${i}`,
        name,
        place: `pairs.csv, line ${i + 2}`,
        reference: '/data/reference.tif',
        sensed: `/data/=scene ${i}.tif`,
        flags: {} as JobEnd['job']['flags'],
        outputs: { output: `/out/scene ${i}.tif`, solution: `/out/scene ${i}.json` },
      },
      record: {
        event: 'done',
        id: `id-${i}`,
        status,
        outcome: status === 3 ? null : outcome,
        error: status === 3 ? { code: 'file-not-found', message: 'no such file' } : null,
        attempts: 1,
        written: status === 0 ? [`/out/scene ${i}.tif`, `/out/scene ${i}.json`] : [],
        time: '2026-01-01T00:00:00Z',
      },
    };
  });
}
