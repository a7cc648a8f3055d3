import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  composeTransforms,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  translation,
} from '@tiepoint/geometry';
import { crsFromEpsg, openRaster, writeGeoTiff } from '@tiepoint/raster';
import type { Plugin } from 'vite';

/** Side of an example's images, px. */
const side = 512;
/** Room around the window, so that turning brings real pixels into the corners, px. */
const margin = 96;
/** Width of the grid that windows are given on, px for 360°. */
const globeWidth = 4096;

/** Two images of different sensors over one region, and how the second was moved. */
interface Example {
  readonly name: string;
  /** In pixels of the globe's grid. */
  readonly left: number;
  readonly top: number;
  /** The other sensor's file in three-globe; the reference is its Blue Marble. NASA imagery. */
  readonly sensed: string;
  /** Turn (degrees), scale and shift (px) of the sensed image about the middle of the scene. */
  readonly turn: number;
  readonly scale: number;
  readonly shift: readonly [number, number];
}

const scenes: readonly Example[] = [
  { name: 'elevation', left: 2752, top: 416, sensed: 'earth-topology.png', turn: 4, scale: 1.03, shift: [13, -9] },
  { name: 'night-lights', left: 2240, top: 500, sensed: 'earth-night.jpg', turn: -5, scale: 0.96, shift: [-11, 14] },
];

const files = ['reference.tif', 'sensed.tif'] as const;

/** Where the sensed image really belongs: sensed pixel → reference pixel. */
function truthOf({ turn, scale, shift }: Example): MatrixTransform {
  const turned = similarity(scale, (turn * Math.PI) / 180, 0, 0);
  const about = composeTransforms(turned, translation(-side / 2, -side / 2));
  return composeTransforms(translation(side / 2 + shift[0], side / 2 + shift[1]), about);
}

/** A part of a picture of the globe, with some room around. */
async function cut(file: string, band: number | 'luminance', { left, top }: Example, room: number): Promise<Plane> {
  // The package exports only its entry, dist/three-globe.mjs: its pictures lie beside that folder.
  const images = join(dirname(dirname(fileURLToPath(import.meta.resolve('three-globe')))), 'example', 'img');
  await using globe = await openRaster(join(images, file));
  const ratio = globe.width / globeWidth;
  const size = side + 2 * room;
  const [x, y] = [(left - room) * ratio, (top - room) * ratio];
  const window = { x, y, width: size * ratio, height: size * ratio };
  return globe.readPlane({ band, window, width: size, height: size });
}

async function makeExample(scene: Example, folder: string): Promise<void> {
  const marble: Plane[] = [];
  for (const band of [1, 2, 3]) marble.push(await cut('earth-blue-marble.jpg', band, scene, 0));
  const degrees = 360 / globeWidth;
  const size = { width: side, height: side, dataType: 'uint8' } as const;
  await writeGeoTiff(join(folder, 'reference.tif'), {
    ...size,
    bands: marble,
    georeference: {
      crs: crsFromEpsg(4326, 'geographic', 'WGS 84'),
      geotransform: [scene.left * degrees - 180, degrees, 0, 90 - scene.top * degrees, 0, -degrees],
      origin: 'file',
    },
  });
  const wide = await cut(scene.sensed, 'luminance', scene, margin);
  const place = composeTransforms(translation(margin, margin), truthOf(scene));
  const moved = resamplePlane(wide, side, side, place, { kernel: 'cubic' });
  const grey = { ...moved, data: moved.data.map((v) => Math.min(255, Math.max(0, Math.round(v)))) };
  await writeGeoTiff(join(folder, 'sensed.tif'), { ...size, bands: [grey] });
}

/** Makes an example in a folder, all of it or nothing. */
async function makeWhole(scene: Example, folder: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'tiepoint-example-'));
  await makeExample(scene, work);
  mkdirSync(folder, { recursive: true });
  for (const name of files) writeFileSync(join(folder, name), readFileSync(join(work, name)));
  rmSync(work, { recursive: true });
}

/** Makes the examples where they are not there yet, and puts them beside the page. */
export function examples(): Plugin {
  const cache = fileURLToPath(new URL('../examples/', import.meta.url));
  return {
    name: 'examples',
    async generateBundle() {
      for (const scene of scenes) {
        const folder = join(cache, scene.name);
        if (!files.every((name) => existsSync(join(folder, name)))) await makeWhole(scene, folder);
        for (const name of files) {
          const fileName = `examples/${scene.name}/${name}`;
          this.emitFile({ type: 'asset', fileName, source: readFileSync(join(folder, name)) });
        }
      }
    },
  };
}
