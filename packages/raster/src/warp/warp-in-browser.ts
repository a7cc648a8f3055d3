import { createCogIn } from '../formats/geotiff/write/cog-writer.js';
import type { RasterFile } from '../formats/raster-file.js';
import { privateFile } from '../formats/geotiff/write/private-file.js';
import { warpInto, type WarpOptions, type WarpResult } from './warp-into.js';
import { warpLayers } from './warp-layers.js';

/** Names files that no other warp of this page has. */
let counter = 0;

/**
 * Warps an image as `warp` does, to a COG in the browser's private file system, and in this thread: call it in a worker.
 *
 * @returns what was made, and the file; it lies on disk, and goes with the page's storage or by `clearPrivateFiles`
 * @throws TiepointError as `warp`
 */
export async function warpToFile(
  source: RasterFile,
  options: Omit<WarpOptions, 'format' | 'threads' | 'overwrite'> = {},
): Promise<{ readonly result: WarpResult; readonly file: File }> {
  const name = `warped-${Date.now()}-${counter++}.tif`;
  const [output, spool] = [await privateFile(name), await privateFile(`${name}.spool`)];
  const result = await warpInto(
    [{ source, sensedToReference: options.sensedToReference, bands: options.bands }],
    {
      open: (writing) =>
        createCogIn({ output: () => Promise.resolve(output), spool: () => Promise.resolve(spool) }, writing),
      warper: (layers) => ({
        warp: (window) => warpLayers(layers, window, options.signal),
        parallel: 1,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    },
    options,
  );
  return { result, file: await output.file() };
}
