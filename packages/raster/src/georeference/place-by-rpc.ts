import type { Crs } from './crs.js';
import { lookUpEpsg } from './epsg-table.js';
import { type Georeference, geotransformFromGcps, type GroundControlPoint } from './georeference.js';
import { locateByRpc, type Rpc } from './rpc.js';

/** The height of the ground at a longitude and latitude, m; null where nobody knows. */
export type GroundHeight = (longitude: number, latitude: number) => number | null;

/** Rounds between a line of sight and the ground, and how near they need come, m. */
const mostRounds = 15;
const nearEnough = 0.05;

/** Where a pixel's line of sight meets the ground: longitude, latitude, height. */
function meetGround(rpc: Rpc, x: number, y: number, heightAt: GroundHeight): [number, number, number] | null {
  let height = rpc.heightOffset;
  for (let round = 0; round < mostRounds; round++) {
    const place = locateByRpc(rpc, x, y, height);
    if (place === null) return null;
    const next = heightAt(...place) ?? height;
    if (Math.abs(next - height) < nearEnough) return [...place, next];
    // Where slopes are as steep as the view, full steps go to and fro.
    height += round < 5 ? next - height : 0.5 * (next - height);
  }
  const place = locateByRpc(rpc, x, y, height);
  return place && [...place, height];
}

/** Points a side of the lattice: without relief the map is smooth. */
const [plainSide, reliefSide] = [11, 22] as const;

/**
 * Where an image with RPCs lies: control points on a lattice over it, at the mean height of its scene or on the ground.
 * Null where the polynomials do not hold over the image.
 */
export async function placeByRpc(
  rpc: Rpc,
  { width, height }: { readonly width: number; readonly height: number },
  heightAt?: GroundHeight,
): Promise<Georeference | null> {
  const side = heightAt === undefined ? plainSide : reliefSide;
  const gcps: GroundControlPoint[] = [];
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) {
      const [x, y] = [(width * i) / (side - 1), (height * j) / (side - 1)];
      const place = meetGround(rpc, x, y, heightAt ?? (() => null));
      if (place === null) continue;
      const [mapX, mapY, mapZ] = place;
      gcps.push({ id: String(gcps.length + 1), x, y, mapX, mapY, mapZ });
    }
  }
  const geotransform = gcps.length < (side * side) / 2 ? null : geotransformFromGcps(gcps);
  const crs: Crs = await lookUpEpsg(4326);
  return geotransform && { crs, geotransform, gcps, origin: 'rpc', rpc };
}
