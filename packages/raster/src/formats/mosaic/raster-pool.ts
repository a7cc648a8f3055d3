import type { PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';

/** Files of which few are open at a time, by the names they are opened by. */
export interface RasterPool {
  /** Opens a file unless it is open, and lends it for a task. */
  readonly use: <T>(name: string, task: (pixels: PixelSource) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** Idle files that stay open: the tiles of a few rows of a mosaic. */
const mostIdle = 24;

/** A pool of the files that `open` opens. */
export function createRasterPool(open: (name: string) => Promise<RasterContent>): RasterPool {
  const files = new Map<string, { readonly content: Promise<RasterContent>; users: number }>();
  const closeIdle = async (): Promise<void> => {
    const idle = [...files].filter(([, { users }]) => users === 0);
    for (const [name, { content }] of idle.slice(0, Math.max(0, idle.length - mostIdle))) {
      files.delete(name);
      await (await content).close();
    }
  };
  return {
    use: async (name, task) => {
      const file = files.get(name) ?? { content: open(name), users: 0 };
      // Last in line to be closed.
      files.delete(name);
      files.set(name, file);
      file.users++;
      try {
        const { pixels } = await file.content.catch((error: unknown) => {
          if (files.get(name) === file) files.delete(name);
          throw error;
        });
        return await task(pixels);
      } finally {
        file.users--;
        await closeIdle();
      }
    },
    close: async () => {
      const opened = await Promise.allSettled([...files.values()].map(({ content }) => content));
      files.clear();
      for (const file of opened) if (file.status === 'fulfilled') await file.value.close();
    },
  };
}
