import { createRandom } from '@tiepoint/geometry';

/** Blobs of random size and place: structure at every scale, the same for the same seed. */
export function blobScene(width: number, height: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const data = new Float32Array(width * height);
  for (let blob = 0; blob < 160; blob++) {
    const cx = random.uniform() * width;
    const cy = random.uniform() * height;
    const radius = 2 + random.uniform() * 14;
    const value = random.normal() * 40;
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(width, cx + radius); x++) {
        if ((x - cx) ** 2 + ((y - cy) * 1.6) ** 2 < radius * radius) data[y * width + x]! += value;
      }
    }
  }
  return data.map((value) => value + 128 + random.normal() * 2);
}
