import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyTransform, createRandom, type Plane, resamplePlane, type Transform } from '@tiepoint/geometry';
import { crsFromEpsg, type Georeference, openRaster, writeGeoTiff } from '@tiepoint/raster';

/** Side of the walkthrough's images, px. */
const side = 512;
/** Upper left corner, px of a global grid of `gridWidth` px for 360°: from the Pamirs to Yunnan. */
const [left, top, gridWidth] = [2752, 416, 4096];
const degrees = 360 / gridWidth;
/** Room around the scene, so that moving the radar image brings real ground into its corners. */
const margin = 64;
/** How far the radar image's georeference is off, px. */
const misplaced = [9, -6] as const;

/**
 * Where a pixel of the radar image belongs: turned by half a degree, bent by the terrain as side-looking radar is, and with a
 * georeference that is some px off.
 */
const sensedToReference: Transform = {
  model: 'polynomial2',
  origin: [side / 2, side / 2],
  scale: side / 2,
  coefficientsX: [side / 2 + misplaced[0], side / 2, -2.2, 2.5, 0, -1.5],
  coefficientsY: [side / 2 + misplaced[1], 2.2, side / 2, 0, -1.2, 0],
};

const georeference = (size: number): Georeference => ({
  crs: crsFromEpsg(4326, 'geographic', 'WGS 84'),
  geotransform: [left * degrees - 180, size, 0, 90 - top * degrees, 0, -size],
  origin: 'file',
});

/** A window of a picture of the whole globe, at the walkthrough's resolution, with `room` px more on each side. */
async function readGlobe(name: string, band: number | 'luminance', room: number): Promise<Plane> {
  const images = join(dirname(dirname(fileURLToPath(import.meta.resolve('three-globe')))), 'example', 'img');
  await using file = await openRaster(join(images, name));
  const ratio = file.width / gridWidth;
  const wide = side + 2 * room;
  const window = { x: (left - room) * ratio, y: (top - room) * ratio, width: wide * ratio, height: wide * ratio };
  return file.readPlane({ band, window, width: wide, height: wide });
}

/** Backscatter: slopes that face the radar are bright, those that look away dark, and so is smooth, bright ground. */
function backscatter(elevation: Plane, optical: Plane, gain: number): Plane {
  const { width, height, data } = elevation;
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const slope = data[y * width + Math.min(x + 1, width - 1)]! - data[y * width + Math.max(x - 1, 0)]!;
      out[i] = gain * Math.exp(slope / 9) * (0.03 + 0.1 * Math.exp(-optical.data[i]! / 60));
    }
  }
  return { width, height, data: out };
}

/** Speckle of four looks: the power is multiplied by a mean of four exponential variables. */
function speckled({ width, height, data }: Plane, seed: number): Float32Array {
  const random = createRandom(seed);
  const looks = 4;
  return Float32Array.from({ length: width * height }, (_, i) => {
    let sum = 0;
    for (let look = 0; look < looks; look++) sum -= Math.log(1 - random.uniform());
    return (data[i]! * sum) / looks;
  });
}

/** Half the resolution. */
function halved(data: Float32Array): Float32Array {
  const half = side / 2;
  return Float32Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    return (data[at]! + data[at + 1]! + data[at + side]! + data[at + side + 1]!) / 4;
  });
}

/**
 * Makes the images of the walkthrough: an optical one from NASA's Blue Marble, and a radar one simulated from NASA's elevation
 * (no package carries real radar images), with speckle, in linear power, misplaced and bent.
 */
export async function makeWalkthroughImages(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const write = (
    name: string,
    bands: readonly Float32Array[],
    dataType: 'uint8' | 'float32',
    size = 1,
  ): Promise<void> =>
    writeGeoTiff(join(folder, name), {
      width: side / size,
      height: side / size,
      bands: bands.map((data) => (dataType === 'uint8' ? Uint8Array.from(data, Math.round) : data)),
      dataType,
      georeference: georeference(size * degrees),
      overwrite: true,
    });
  const colours: Float32Array[] = [];
  for (const band of [1, 2, 3]) colours.push((await readGlobe('earth-blue-marble.jpg', band, 0)).data);
  await write('optical.tif', colours, 'uint8');
  const elevation = await readGlobe('earth-topology.png', 'luminance', margin);
  const optical = await readGlobe('earth-blue-marble.jpg', 'luminance', margin);
  const radar = (gain: number, seed: number): Float32Array => {
    const sigma = backscatter(elevation, optical, gain);
    const place = (points: Float64Array): void => {
      applyTransform(sensedToReference, points, points);
      for (let k = 0; k < points.length; k++) points[k]! += margin;
    };
    return speckled(resamplePlane(sigma, side, side, place, { kernel: 'cubic' }), seed);
  };
  const vv = radar(1, 1);
  await write('sar-vv.tif', [vv], 'float32');
  await write('sar-vh.tif', [radar(0.2, 2)], 'float32');
  await write('sar-vv-coarse.tif', [halved(vv)], 'float32', 2);
}
