import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { crsFromEpsg, openRaster, type PixelWindow, type RasterFile, writeGeoTiff } from '@tiepoint/raster';
import sharp from 'sharp';

/** Side of the demo's images, px. */
export const sceneSize = 512;

/** Two real images of different sensors over one region, and how the second was moved. */
export interface DemoScene {
  /** The folder's name. */
  readonly name: string;
  readonly title: string;
  /** In pixels of the global grid that the scene is on. */
  readonly left: number;
  readonly top: number;
  /** Width of that grid, px for 360°. */
  readonly gridWidth: number;
  /** The other sensor's file in three-globe; the reference is its Blue Marble. */
  readonly sensed: string;
  /** Turn (degrees), scale and shift (px) of the sensed image about the middle of the scene. */
  readonly turn: number;
  readonly scale: number;
  readonly shift: readonly [number, number];
  /** What must be known to judge the error. */
  readonly note?: string;
}

/**
 * The scenes, chosen where both sensors see structure: a script ranked all windows of the globe by how many of their
 * cells agree in gradient direction, and these two were taken from the top by eye.
 */
export const demoScenes: readonly DemoScene[] = [
  {
    name: 'elevation',
    title: 'Optical and elevation, from the Pamirs to Yunnan',
    left: 2752,
    top: 416,
    gridWidth: 4096,
    sensed: 'earth-topology.png',
    turn: 4,
    scale: 1.03,
    shift: [13, -9],
  },
  {
    name: 'night-lights',
    title: 'Optical and night lights, from the Nile to the Gulf',
    left: 2240,
    top: 500,
    gridWidth: 4096,
    sensed: 'earth-night.jpg',
    turn: -5,
    scale: 0.96,
    shift: [-11, 14],
    // Measured without any move at six places of the globe: (0.46 to 1.05, 0.36 to 0.52) px.
    note: 'the two pictures of the globe themselves lie about 0.9 px apart',
  },
];

/** A scene's inputs as files, and the truth. */
export interface PreparedScene {
  /** Georeferenced GeoTIFF, three bands. */
  readonly reference: string;
  /** PNG without a georeference. */
  readonly sensed: string;
  /** Where the sensed image really belongs, between pixels of the two files. */
  readonly sensedToReference: MatrixTransform;
}

function imageFolder(): string {
  // The package exports only its entry, dist/three-globe.mjs: its pictures lie beside that folder.
  const entry = fileURLToPath(import.meta.resolve('three-globe'));
  return join(dirname(dirname(entry)), 'example', 'img');
}

/** A window of the global grid, read from a file of whatever resolution (`average` where the file is finer). */
async function readGrid(
  file: RasterFile,
  band: number | 'luminance',
  scene: DemoScene,
  window: PixelWindow,
): Promise<Plane> {
  const ratio = file.width / scene.gridWidth;
  return file.readPlane({
    band,
    window: { x: window.x * ratio, y: window.y * ratio, width: window.width * ratio, height: window.height * ratio },
    width: window.width,
    height: window.height,
  });
}

/** The truth of a scene: a similarity about its middle. */
function sceneTruth({ turn, scale, shift }: DemoScene): MatrixTransform {
  const middle = sceneSize / 2;
  const turned = similarity(scale, (turn * Math.PI) / 180, 0, 0);
  return composeTransforms(
    translation(middle + shift[0], middle + shift[1]),
    composeTransforms(turned, translation(-middle, -middle)),
  );
}

/** Cuts a scene's reference from the globe and its moved sensed image from the other sensor's, resampled once. */
export async function prepareScene(scene: DemoScene, folder: string): Promise<PreparedScene> {
  const images = imageFolder();
  const window = { x: scene.left, y: scene.top, width: sceneSize, height: sceneSize };
  await using marble = await openRaster(join(images, 'earth-blue-marble.jpg'));
  const reference = join(folder, 'reference.tif');
  const bands: Plane[] = [];
  for (const band of [1, 2, 3]) bands.push(await readGrid(marble, band, scene, window));
  const degrees = 360 / scene.gridWidth;
  await writeGeoTiff(reference, {
    width: sceneSize,
    height: sceneSize,
    bands,
    dataType: 'uint8',
    georeference: {
      crs: crsFromEpsg(4326, 'geographic', 'WGS 84'),
      geotransform: [scene.left * degrees - 180, degrees, 0, 90 - scene.top * degrees, 0, -degrees],
      origin: 'file',
    },
    overwrite: true,
  });

  const sensedToReference = sceneTruth(scene);
  // Room around the window, so that turning brings real pixels into the corners.
  const margin = 96;
  await using other = await openRaster(join(images, scene.sensed));
  const wide = await readGrid(other, 'luminance', scene, {
    x: scene.left - margin,
    y: scene.top - margin,
    width: sceneSize + 2 * margin,
    height: sceneSize + 2 * margin,
  });
  const moved = resamplePlane(
    wide,
    sceneSize,
    sceneSize,
    composeTransforms(translation(margin, margin), sensedToReference),
    { kernel: 'cubic' },
  );
  const sensed = join(folder, 'sensed.png');
  const pixels = Uint8Array.from(moved.data, (value) => Math.min(255, Math.max(0, Math.round(value))));
  await sharp(pixels, { raw: { width: sceneSize, height: sceneSize, channels: 1 } })
    .png()
    .toFile(sensed);
  return { reference, sensed, sensedToReference };
}

/** Median and greatest distance, px, between where an estimate and the truth put a 10 × 10 grid of points of the overlap. */
export function checkPointErrors(
  estimate: (x: number, y: number) => readonly [number, number],
  truth: MatrixTransform,
): { median: number; worst: number } {
  const inverse = invertTransform(truth)!;
  const errors: number[] = [];
  for (let row = 0; row < 10; row++) {
    for (let column = 0; column < 10; column++) {
      const X = ((column + 0.5) / 10) * sceneSize;
      const Y = ((row + 0.5) / 10) * sceneSize;
      const [x, y] = transformPoint(inverse, X, Y);
      if (x < 0 || y < 0 || x > sceneSize || y > sceneSize) continue;
      const [ex, ey] = estimate(x, y);
      errors.push(Math.hypot(ex - X, ey - Y));
    }
  }
  const sorted = errors.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, worst: sorted.at(-1)! };
}
