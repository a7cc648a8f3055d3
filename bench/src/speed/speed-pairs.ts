import { join } from 'node:path';
import { type Plane, resamplePlane, transformPoint } from '@tiepoint/geometry';
import { type Georeference, lookUpEpsg, writeGeoTiff } from '@tiepoint/raster';
import { type AlignedPair, crop, loadPair, readPairs } from '../registration/dataset.js';
import { type Motion, movePair } from '../registration/known-warp.js';
import { bandPairs } from '../trust/stack-pairs.js';
import { writeScalePair } from '../scale/scene-pair.js';

/** A pair of files on disk. */
export interface FilePair {
  readonly reference: string;
  readonly sensed: string;
}

/** The kinds of pairs that are timed. */
export type SpeedPair = 'pair-512' | 'turned-512' | 'bent-600' | 'unrelated-512' | 'scene-10980';

/** How far the sensed image of `pair-512` is moved against its georeference. */
const shift: Motion = { angle: 0, scale: 1, dx: 7, dy: -5 };
const turn: Motion = { angle: (40 * Math.PI) / 180, scale: 1.2, dx: 6, dy: 4 };

/** A smooth displacement of up to 6 px that no polynomial of low order follows. */
function bend({ reference, sensed, referenceToSensed }: AlignedPair): Plane {
  const { width, height } = reference;
  return resamplePlane(
    sensed,
    width,
    height,
    (points) => {
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = [points[i]!, points[i + 1]!];
        const u = x + 6 * Math.sin(x / 90) * Math.cos(y / 120);
        const v = y + 6 * Math.cos(x / 110) * Math.sin(y / 80);
        [points[i], points[i + 1]] = transformPoint(referenceToSensed, u, v);
      }
    },
    { kernel: 'cubic' },
  );
}

async function write(path: string, plane: Plane, georeference: Georeference | undefined): Promise<void> {
  await writeGeoTiff(path, {
    width: plane.width,
    height: plane.height,
    bands: [Uint8Array.from(plane.data, (v) => Math.max(1, Math.min(255, Math.round(v))))],
    ...(georeference && { georeference }),
    dataType: 'uint8',
    overwrite: true,
  });
}

/**
 * Writes the pairs, made of optical and SAR images and of two bands of the validation split.
 *
 * @param data - folder of the aligned pairs
 */
export async function writeSpeedPairs(
  data: string,
  folder: string,
  kinds: readonly SpeedPair[],
): Promise<Readonly<Partial<Record<SpeedPair, FilePair>>>> {
  const records = (await readPairs(data, 'val')).filter(({ set }) => set === 's1s2');
  const [first, other] = [await loadPair(data, records[0]!), await loadPair(data, records.at(-1)!)];
  const georeference: Georeference = {
    crs: await lookUpEpsg(32633),
    geotransform: [600_000, 10, 0, 5_000_040, 0, -10],
    origin: 'file',
  };
  const made: Partial<Record<SpeedPair, FilePair>> = {};
  for (const kind of kinds) {
    const pair = { reference: join(folder, `${kind}-reference.tif`), sensed: join(folder, `${kind}-sensed.tif`) };
    made[kind] = pair;
    if (kind === 'scene-10980') {
      await writeScalePair(pair.reference, pair.sensed, 10_980);
      continue;
    }
    if (kind === 'bent-600') {
      // Two bands of one camera: tie points good enough for the bend to be told from their scatter.
      for await (const wide of bandPairs(data, 'val', 1, 600)) {
        await write(pair.reference, wide.reference, undefined);
        await write(pair.sensed, bend(wide), undefined);
      }
      continue;
    }
    const planes: Readonly<Record<Exclude<SpeedPair, 'scene-10980' | 'bent-600'>, () => readonly [Plane, Plane]>> = {
      'pair-512': () => [first.reference, movePair(first, shift).sensed],
      'turned-512': () => [first.reference, movePair(first, turn).sensed],
      'unrelated-512': () => [first.reference, crop(other.sensed, 200, 200, 512)],
    };
    const [reference, sensed] = planes[kind]();
    const placed = kind === 'pair-512' ? georeference : undefined;
    await write(pair.reference, reference, placed);
    await write(pair.sensed, sensed, placed);
  }
  return made;
}
