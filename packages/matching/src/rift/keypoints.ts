import type { StructureMaps } from './structure-maps.js';

/** Px on each side in which a keypoint is the largest. */
const reach = 2;
/** Moments below this are no structure. */
const least = 1e-3;

/** Indices of the pixels that are the largest of their neighbourhood; of equal ones the first. */
function localMaxima(values: Float32Array, width: number, height: number): number[] {
  const found: number[] = [];
  for (let y = reach; y < height - reach; y++) {
    next: for (let x = reach; x < width - reach; x++) {
      const i = y * width + x;
      const value = values[i]!;
      if (!(value > least)) continue;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const other = i + dy * width + dx;
          if (other === i) continue;
          if (other < i ? values[other]! >= value : values[other]! > value) continue next;
        }
      }
      found.push(i);
    }
  }
  return found;
}

/** Keeps about `count` of the pixels: the strongest of each cell of a grid, so that no busy corner takes them all. */
function spread(found: readonly number[], values: Float32Array, maps: StructureMaps, count: number): number[] {
  const { width, height } = maps;
  const cell = Math.sqrt((width * height) / Math.max(1, count / 4));
  const columns = Math.ceil(width / cell);
  const cells: number[][] = Array.from({ length: columns * Math.ceil(height / cell) }, () => []);
  for (const i of found)
    cells[Math.floor(Math.floor(i / width) / cell) * columns + Math.floor((i % width) / cell)]!.push(i);
  for (const members of cells) members.sort((a, b) => values[b]! - values[a]!);
  const kept: number[] = [];
  // Round after round one of each cell: what empty cells leave goes to the others.
  for (let round = 0; kept.length < count; round++) {
    const ranked = cells.flatMap((members) => (round < members.length ? [members[round]!] : []));
    if (ranked.length === 0) break;
    ranked.sort((a, b) => values[b]! - values[a]!);
    kept.push(...ranked.slice(0, count - kept.length));
  }
  return kept;
}

/** Finds up to `count` keypoints, half of them corners and half edge points: pixel indices y·width + x. */
export function detectKeypoints(maps: StructureMaps, count: number): Int32Array {
  const { corners, edges, width, height } = maps;
  const chosen = new Set(spread(localMaxima(corners, width, height), corners, maps, Math.ceil(count / 2)));
  const beside = localMaxima(edges, width, height).filter((i) => !chosen.has(i));
  for (const i of spread(beside, edges, maps, count - chosen.size)) chosen.add(i);
  return Int32Array.from(chosen);
}
