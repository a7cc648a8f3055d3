// One task in a process of its own, so that its memory is its own.
// usage: node task.js warp|cog IN OUT | window tiepoint|geotiff.js FILE
import { createRandom } from '@tiepoint/geometry';
import { createCog, openRaster, warp } from '@tiepoint/raster';

/** Windows read, and their side. */
const windowCount = 60;
const cropSide = 512;

const [task, first, second] = process.argv.slice(2) as [string, string, string];

async function writeCog(input: string, output: string): Promise<void> {
  await using file = await openRaster(input);
  const { width, height, georeference } = file;
  await using writer = await createCog(output, {
    width,
    height,
    bandCount: 1,
    dataType: 'uint16',
    georeference,
    overwrite: true,
  });
  for (let y = 0; y < height; y += 512) {
    const rows = Math.min(512, height - y);
    const { data } = await file.readWindow({ window: { x: 0, y, width, height: rows } });
    await writer.write({ rows, data });
  }
  await writer.finish();
}

/** Reads windows at seeded places; prints the seconds, without the process's start. */
async function readWindows(tool: string, path: string): Promise<void> {
  const random = createRandom(1);
  const place = (length: number): number => Math.floor(random.uniform() * (length - cropSide));
  let sum = 0;
  let seconds: number;
  if (tool === 'tiepoint') {
    const started = performance.now();
    await using file = await openRaster(path);
    for (let i = 0; i < windowCount; i++) {
      const window = { x: place(file.width), y: place(file.height), width: cropSide, height: cropSide };
      sum += (await file.readWindow({ window })).data[0]![7]!;
    }
    seconds = (performance.now() - started) / 1000;
  } else {
    const { fromFile } = await import('geotiff');
    const started = performance.now();
    const tiff = await fromFile(path);
    const image = await tiff.getImage();
    for (let i = 0; i < windowCount; i++) {
      const [x, y] = [place(image.getWidth()), place(image.getHeight())];
      const rasters = await image.readRasters({ window: [x, y, x + cropSide, y + cropSide] });
      sum += Number((rasters[0] as unknown as ArrayLike<number>)[7]);
    }
    seconds = (performance.now() - started) / 1000;
    await tiff.close();
  }
  // The sum shows that both read the same, and keeps the work from being left out.
  process.stdout.write(JSON.stringify({ seconds: seconds / windowCount, sum }));
}

if (task === 'cog') {
  await writeCog(first, second);
} else if (task === 'warp') {
  await using source = await openRaster(first);
  await warp(source, second, {
    dstCrs: 'EPSG:32634',
    resolution: 10,
    resampling: 'bilinear',
    format: 'GTiff',
    compression: 'none',
    tileSize: 512,
    nodata: 0,
    threads: 2,
    overwrite: true,
  });
} else {
  await readWindows(first, second);
}
