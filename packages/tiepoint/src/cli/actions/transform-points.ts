import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { inverseTransformPoint, TiepointError, type Transform, transformPoint } from '@tiepoint/geometry';
import type { TransformFlags } from '../commands/transform.js';
import type { CliSession } from '../session.js';
import { readStoredTransform } from '../stored-transform.js';

/** Lines written to standard output at once. */
const batch = 1024;

function mapPoint(transform: Transform, x: number, y: number, inverse: boolean): [number, number] {
  const point = inverse ? inverseTransformPoint(transform, x, y) : transformPoint(transform, x, y);
  if (point === null || !Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
    throw new TiepointError('point-outside', `The point ${x} ${y} has no image under this transform.`, {
      hint: 'It lies beyond the horizon of a projective map, or where a polynomial folds over.',
      value: [x, y],
    });
  }
  return point;
}

/** Maps the points on standard input. @throws TiepointError `invalid-point`, `point-outside`, `refused` and those of reading. */
export async function runTransform(flags: TransformFlags, session: CliSession): Promise<void> {
  const { transform } = await readStoredTransform(flags);
  const lines = createInterface({ input: Readable.from(session.input), crlfDelay: Number.POSITIVE_INFINITY });
  const points: [number, number][] = [];
  let pending: string[] = [];
  let number = 0;
  for await (const line of lines) {
    number++;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const [first, second, ...rest] = text.split(/[\s,;]+/);
    const x = Number(first);
    const y = Number(second);
    if (second === undefined || !Number.isFinite(x) || !Number.isFinite(y)) {
      throw new TiepointError('invalid-point', `Line ${number} holds no point: "${text.slice(0, 60)}".`, {
        hint: 'Each line reads "x y", in pixels.',
        value: text,
      });
    }
    const point = mapPoint(transform, x, y, flags.inverse === true);
    if (flags.json) {
      points.push(point);
      continue;
    }
    pending.push([point[0].toFixed(flags.precision), point[1].toFixed(flags.precision), ...rest].join(' '));
    // An interactive user gets each answer at once, a file is written in batches.
    if (process.stdin.isTTY || pending.length >= batch) {
      await session.out(`${pending.join('\n')}\n`);
      pending = [];
    }
  }
  if (flags.json) await session.out(`${JSON.stringify({ version: 1, points })}\n`);
  else if (pending.length > 0) await session.out(`${pending.join('\n')}\n`);
}
