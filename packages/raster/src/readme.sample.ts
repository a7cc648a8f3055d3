import { createCog, openRaster, warp } from '@tiepoint/raster';

/** Reads, writes and warps; the arguments are paths. */
export async function sample(input: string, cog: string, warped: string): Promise<number[]> {
  // Read a window of a local file, a URL or a Blob: only its bytes are fetched.
  await using file = await openRaster(input);
  const window = { x: 100, y: 50, width: 64, height: 48 };
  const { data, mask } = await file.readWindow({ window }); // the file's own types, one array a band
  const plane = await file.readPlane({ width: 128 }); // floats, through overviews; plane.mask says what is valid

  // Write a Cloud Optimized GeoTIFF row by row.
  await using writer = await createCog(cog, {
    width: window.width,
    height: window.height,
    bandCount: data.length,
    dataType: file.bands[0]!.dataType,
    mask: mask !== undefined,
  });
  await writer.write({ rows: window.height, data, mask });
  await writer.finish();

  // Warp into another system with GDAL's kernels, in worker threads and bounded memory.
  const result = await warp(file, warped, { dstCrs: 'EPSG:3035', resolution: 20, resampling: 'cubic' });
  return [plane.width, result.width, result.height];
}
