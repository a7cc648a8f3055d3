import { createRandom, type Plane } from '@tiepoint/geometry';

/** Discs and boxes of random grey, each over the ones before. */
export function scene(side: number, seed: number): Plane {
  const random = createRandom(seed);
  const data = new Float32Array(side * side).fill(110);
  for (let shape = 0; shape < side; shape++) {
    const [x, y, a, b] = [0, 0, 0, 0].map((_, i) => (i < 2 ? side : 4 + side / 14) * random.uniform());
    const [round, grey] = [random.uniform() < 0.5, 30 + 200 * random.uniform()];
    for (let i = 0; i < data.length; i++) {
      const [u, v] = [((i % side) - x!) / (a! + 2), (Math.floor(i / side) - y!) / (b! + 2)];
      if (round ? Math.hypot(u, v) < 1 : Math.max(Math.abs(u), Math.abs(v)) < 1) data[i] = grey;
    }
  }
  return { width: side, height: side, data };
}
