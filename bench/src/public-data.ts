import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plane } from '@tiepoint/geometry';
import { openRaster, type RasterFile, writeGeoTiff } from '@tiepoint/raster';

// Makes a small set of aligned pairs for the benches and for `tiepoint train` from NASA's imagery in the npm package
// three-globe: Blue Marble with elevation and with night lights, on one global grid. Places of `val` and of `train` are a
// quarter of the globe apart, as neighbouring crops know each other.

/** Width of the grid that windows are given on, px for 360°. */
const gridWidth = 4096;
/** Side of a pair's images, px. */
const side = 384;

/** Left upper corners on the grid: land with relief and towns, seen by eye. */
const places = [
  { name: 'andes', x: 1180, y: 1180, split: 'train' },
  { name: 'mexico', x: 800, y: 640, split: 'train' },
  { name: 'rockies', x: 660, y: 440, split: 'train' },
  { name: 'appalachians', x: 1020, y: 480, split: 'train' },
  { name: 'nile', x: 2300, y: 540, split: 'val' },
  { name: 'alps', x: 2060, y: 400, split: 'val' },
  { name: 'pamirs', x: 2820, y: 450, split: 'val' },
  { name: 'yunnan', x: 3060, y: 560, split: 'val' },
] as const;

const sets = [
  { name: 'global-dem', file: 'earth-topology.png', alignmentErrorPx: 0.3 },
  // The two pictures of the globe themselves lie about 0.9 px apart.
  { name: 'night-lights', file: 'earth-night.jpg', alignmentErrorPx: 0.9 },
] as const;

function read(file: RasterFile, { x, y }: { readonly x: number; readonly y: number }): Promise<Plane> {
  const ratio = file.width / gridWidth;
  const window = { x: x * ratio, y: y * ratio, width: side * ratio, height: side * ratio };
  return file.readPlane({ band: 'luminance', window, width: side, height: side });
}

const write = (path: string, plane: Plane): Promise<void> =>
  writeGeoTiff(path, { width: side, height: side, bands: [plane], dataType: 'uint8', overwrite: true });

/** Writes the pairs and their manifest, `pairs.jsonl`, into a folder. */
export async function writePublicData(folder: string): Promise<void> {
  // The package exports only its entry, dist/three-globe.mjs: its pictures lie beside that folder.
  const images = join(dirname(dirname(fileURLToPath(import.meta.resolve('three-globe')))), 'example', 'img');
  await using marble = await openRaster(join(images, 'earth-blue-marble.jpg'));
  const lines: string[] = [];
  for (const set of sets) {
    await mkdir(join(folder, set.name), { recursive: true });
    await using other = await openRaster(join(images, set.file));
    for (const place of places) {
      const [reference, sensed] = ['optical', 'other'].map((name) => `${set.name}/${place.name}.${name}.tif`);
      await write(join(folder, reference!), await read(marble, place));
      await write(join(folder, sensed!), await read(other, place));
      const { split, name: group } = place;
      const id = `${set.name}/${group}`;
      lines.push(JSON.stringify({ id, split, group, reference, sensed, alignmentErrorPx: set.alignmentErrorPx }));
    }
  }
  await writeFile(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? 'bench-data');
  await writePublicData(folder);
  console.log(`${sets.length * places.length} pairs in ${folder}: --data ${folder}`);
}
