import { createRandom, type Plane } from '@tiepoint/geometry';

/** Discs of many sizes and grey values: structure at every scale, none of it periodic. */
export function syntheticScene(width: number, height: number, seed: number): Plane {
  const random = createRandom(seed);
  const data = new Float32Array(width * height).fill(100);
  for (let disc = 0; disc < (width * height) / 160; disc++) {
    const [cx, cy] = [random.uniform() * width, random.uniform() * height];
    const radius = 2 + 14 * random.uniform() ** 3;
    const value = 60 * (random.uniform() - 0.5);
    const [x0, x1] = [Math.max(0, Math.floor(cx - radius)), Math.min(width, Math.ceil(cx + radius))];
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius); y++) {
      for (let x = x0; x < x1; x++) {
        if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < radius * radius) data[y * width + x]! += value;
      }
    }
  }
  return { width, height, data };
}

/** The scene as another sensor might see it: contrast reversed and bent. */
export function otherSensor(plane: Plane): Plane {
  return { ...plane, data: plane.data.map((v) => 400 * Math.exp(-v / 90)) };
}
