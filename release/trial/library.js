// A user's program: makes a pair, registers and warps it with the library, and prints what it came to.
import { writeFile } from 'node:fs/promises';
import { createRandom, translation } from '@tiepoint/geometry';
import { crsFromEpsg, openRaster, warp, writeGeoTiff } from '@tiepoint/raster';
import { metadataItems, register, transformFromJson } from 'tiepoint';
import { buildReport } from 'tiepoint/node';

const side = 192;
const random = createRandom(7);
const blobs = Array.from({ length: 220 }, () => ({
  x: random.uniform() * (side + 20),
  y: random.uniform() * (side + 20),
  radius: 2 + random.uniform() * 9,
  value: random.normal() * 40,
}));
const scene = (dx, dy) =>
  Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) + dx, Math.floor(i / side) + dy];
    return blobs.reduce(
      (sum, b) => sum + b.value * Math.exp(-(((x - b.x) ** 2 + (y - b.y) ** 2) / b.radius ** 2)),
      200,
    );
  });
const georeference = {
  crs: crsFromEpsg(32633, 'projected'),
  geotransform: [500000, 10, 0, 4600000, 0, -10],
  origin: 'file',
};
const image = { width: side, height: side, dataType: 'float32', georeference, overwrite: true };
await writeGeoTiff('reference.tif', { ...image, bands: [scene(0, 0)] });
// Brighter where the reference is darker, and 5 px to the left, 4 px up.
await writeGeoTiff('sensed.tif', { ...image, bands: [scene(5, 4).map((v) => 500 - v)] });

const reference = await openRaster('reference.tif');
const sensed = await openRaster('sensed.tif');
const result = await register(reference, sensed, { seed: 0 });
const sensedToReference = transformFromJson(result.registration);
if (sensedToReference !== null) {
  const metadata = { '': metadataItems(result.registration) };
  await warp(sensed, 'library.tif', { sensedToReference, reference, metadata, overwrite: true });
  await writeFile('library.html', await buildReport(reference, sensed, result));
}
await reference.close();
await sensed.close();
const { verdict, warnings, accuracy } = result.registration;
const due = translation(5, 4).matrix;
const found = result.registration.sensedToReference?.flat() ?? [];
const error = Math.hypot(found[2] - due[2], found[5] - due[5]);
process.stdout.write(JSON.stringify({ verdict, warnings, ce90: accuracy?.ce90, error }));
