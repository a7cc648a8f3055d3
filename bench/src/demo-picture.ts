import type { Plane } from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import sharp from 'sharp';
import { sceneSize } from './demo-scenes.js';

const gap = 12;
const caption = 34;
const tile = 64;

/** An image as interleaved red, green, blue, its contrast stretched to the 1 % and 99 % quantiles of its valid pixels. */
async function readColour(path: string): Promise<{ rgb: Uint8Array; valid: Uint8Array }> {
  await using file = await openRaster(path);
  const colour = file.bands.length >= 3;
  const planes: Plane[] = [];
  for (const band of colour ? [1, 2, 3] : [1]) planes.push(await file.readPlane({ band }));
  const valid = planes[0]!.mask ?? new Uint8Array(sceneSize * sceneSize).fill(1);
  const values = planes
    .flatMap(({ data }) => Array.from(data).filter((_, i) => valid[i] === 1))
    .toSorted((a, b) => a - b);
  const low = values[Math.floor(values.length * 0.01)] ?? 0;
  const high = values[Math.floor(values.length * 0.99)] ?? 255;
  const rgb = new Uint8Array(3 * sceneSize * sceneSize);
  for (let i = 0; i < rgb.length; i++) {
    const { data } = planes[colour ? i % 3 : 0]!;
    const at = Math.floor(i / 3);
    rgb[i] = valid[at] === 1 ? Math.min(255, Math.max(0, ((data[at]! - low) / (high - low || 1)) * 255)) : 24;
  }
  return { rgb, valid };
}

/** Alternating tiles of two images; the first shows where the second is not valid. */
function checkerboard(a: Uint8Array, b: Uint8Array, valid: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  for (let y = 0; y < sceneSize; y++) {
    for (let x = 0; x < sceneSize; x++) {
      const i = y * sceneSize + x;
      const second = ((x / tile) | 0) % 2 !== ((y / tile) | 0) % 2 && valid[i] === 1;
      for (let c = 0; c < 3; c++) out[3 * i + c] = (second ? b : a)[3 * i + c]!;
    }
  }
  return out;
}

/** Reference, sensed image, and checkerboards before and after registration, side by side with captions, as PNG. */
export async function writeSideBySide(
  path: string,
  files: { readonly reference: string; readonly sensed: string; readonly registered: string },
): Promise<void> {
  const reference = await readColour(files.reference);
  const sensed = await readColour(files.sensed);
  const registered = await readColour(files.registered);
  const panels: [string, Uint8Array][] = [
    ['reference', reference.rgb],
    ['sensed', sensed.rgb],
    ['checkerboard before', checkerboard(reference.rgb, sensed.rgb, sensed.valid)],
    ['checkerboard after', checkerboard(reference.rgb, registered.rgb, registered.valid)],
  ];
  const width = panels.length * (sceneSize + gap) + gap;
  const height = sceneSize + caption + gap;
  const text = panels
    .map(
      ([name], i) =>
        `<text x="${gap + i * (sceneSize + gap)}" y="23" font-family="DejaVu Sans, sans-serif" font-size="18" fill="#222">${name}</text>`,
    )
    .join('');
  await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([
      ...panels.map(([, rgb], i) => ({
        input: Buffer.from(rgb),
        raw: { width: sceneSize, height: sceneSize, channels: 3 as const },
        left: gap + i * (sceneSize + gap),
        top: caption,
      })),
      {
        input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${text}</svg>`),
        left: 0,
        top: 0,
      },
    ])
    .png({ compressionLevel: 9 })
    .toFile(path);
}
