import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRaster, type RasterFile } from '@tiepoint/raster';
import sharp from 'sharp';
import { cliPath } from './cli-path.js';
import { writeSideBySide } from './demo-picture.js';
import { makeWalkthroughImages } from './walkthrough-scene.js';

// Makes the images of docs/walkthrough.md, runs the commands that stand there one after another, and draws its pictures.

const page = 'docs/walkthrough.md';
const folder = 'walkthrough';
const pictures = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images');

/** The page's commands: the lines of its `sh` blocks that call tiepoint. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block]) =>
    block!.split('\n').filter((line) => line.startsWith('npx tiepoint ')),
  );
}

function run(command: string): void {
  console.log(`\n$ ${command}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cliPath, ...command.split(/\s+/).slice(2)], {
    encoding: 'utf8',
  });
  process.stdout.write(stdout + stderr);
  // 5 is a warning: the output is there.
  if (status !== 0 && status !== 5) throw new Error(`${command}: exit ${status}`);
}

/** The predicted error as grey values, with its range. */
async function drawMap(file: RasterFile, path: string): Promise<void> {
  const { data, width, height } = await file.readPlane({ band: 1, width: 360, height: 360 });
  const [low, high] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
  const grey = Uint8Array.from(data, (v) => (255 * (v - low)) / (high - low || 1));
  console.log(`\npredicted error: ${low.toFixed(2)} px (black) to ${high.toFixed(2)} px (white)`);
  await sharp(grey, { raw: { width, height, channels: 1 } })
    .webp({ quality: 80 })
    .toFile(path);
}

await makeWalkthroughImages(folder);
for (const command of commandsOf(await readFile(page, 'utf8'))) run(command);

await mkdir(pictures, { recursive: true });
const sideBySide = join(folder, 'side-by-side.png');
await writeSideBySide(sideBySide, {
  reference: join(folder, 'optical.tif'),
  sensed: join(folder, 'sar-vv.tif'),
  registered: join(folder, 'sar-vv-registered.tif'),
});
await sharp(sideBySide).resize({ width: 1200 }).webp({ quality: 72 }).toFile(join(pictures, 'walkthrough.webp'));
const [, field] =
  /(<svg class="vector-field".*?<\/svg>)/s.exec(await readFile(join(folder, 'before.html'), 'utf8')) ?? [];
if (field === undefined) throw new Error('the report holds no field of displacements');
const svg = field
  .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="360" ')
  .replaceAll('currentColor', '#16202b');
await sharp(Buffer.from(svg))
  .flatten({ background: '#fff' })
  .webp({ quality: 80 })
  .toFile(join(pictures, 'walkthrough-displacements.webp'));
await using accuracy = await openRaster(join(folder, 'accuracy.tif'));
await drawMap(accuracy, join(pictures, 'walkthrough-accuracy.webp'));
console.log(`\nthe pictures of ${page} are in docs/images, everything else in ${folder}/`);
