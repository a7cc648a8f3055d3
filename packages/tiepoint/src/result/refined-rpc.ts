import { median, TiepointError } from '@tiepoint/geometry';
import { projectByRpc, type RasterFile, type Rpc, shiftRpc } from '@tiepoint/raster';
import { placesOnEarth } from './places-on-earth.js';
import type { TiePoint } from './tie-point.js';

/** RPCs after a registration, and by how much it moved them, px of the sensed image. */
export interface RefinedRpc {
  readonly rpc: Rpc;
  readonly shift: readonly [number, number];
  readonly points: number;
}

/** The RPCs of an image. @throws TiepointError `output-unsupported` */
export function rpcOf(sensed: RasterFile): Rpc {
  const rpc = sensed.georeference?.rpc;
  if (rpc !== undefined) return rpc;
  throw new TiepointError('output-unsupported', `${sensed.name}: has no RPCs that could be refined`, {
    hint: 'Leave out --rpc, or give the image its _RPC.TXT or .RPB; images that are placed otherwise need none.',
    value: sensed.name,
  });
}

/**
 * The sensed image's RPCs, moved so that tie points lie where the reference has them: what is left of RPCs is mostly a shift.
 * Heights are those its control points were placed at: the mean, or the ground of a DEM.
 *
 * @throws TiepointError `output-unsupported` where the sensed image has no RPCs, `no-georeference` where the reference has no place
 */
export async function refineRpc(
  reference: RasterFile,
  sensed: RasterFile,
  tiePoints: readonly TiePoint[],
): Promise<RefinedRpc> {
  const rpc = rpcOf(sensed);
  const used = tiePoints.filter(({ inlier, off }) => inlier === true && off !== true);
  const ground = await placesOnEarth(reference, Float64Array.from(used.flatMap((point) => point.reference)));
  if (ground === null) {
    throw new TiepointError(
      'no-georeference',
      `${reference.name}: RPCs are refined against the ground, which it does not name`,
      { hint: 'Give a georeferenced reference.', value: reference.name },
    );
  }
  const heightAt = nearestHeight(sensed);
  const shifts = used.map(({ sensed: [x, y] }, i) => {
    const [u, v] = projectByRpc(rpc, ground[2 * i]!, ground[2 * i + 1]!, heightAt(x, y));
    return [x - u, y - v] as const;
  });
  const shift = [median(shifts.map(([x]) => x)), median(shifts.map(([, y]) => y))] as const;
  return { rpc: shiftRpc(rpc, ...shift), shift, points: used.length };
}

/** The height of the control point nearest to a pixel: those of RPCs lie on a lattice. */
function nearestHeight({ georeference }: RasterFile): (x: number, y: number) => number {
  const gcps = georeference?.gcps ?? [];
  return (x, y) => {
    const distance = (point: { x: number; y: number }): number => Math.hypot(point.x - x, point.y - y);
    return gcps.reduce((best, point) => (distance(point) < distance(best) ? point : best)).mapZ;
  };
}
