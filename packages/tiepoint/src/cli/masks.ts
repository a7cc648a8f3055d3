import { openRaster, type RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';

/** Flags that name masks. */
interface MaskFlags {
  readonly mask?: string | undefined;
  readonly referenceMask?: string | undefined;
}

/** The masks that were named, open; close them, or declare them with `await using`. */
export interface OpenMasks extends AsyncDisposable {
  readonly options: Pick<RegisterOptions, 'mask' | 'referenceMask'>;
}

/** Opens the masks that the flags name. @throws TiepointError of opening. */
export async function openMasks(flags: MaskFlags, signal: AbortSignal): Promise<OpenMasks> {
  const open: RasterFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((file) => file.close()));
  };
  const named = async (path: string | undefined): Promise<RasterFile | undefined> => {
    if (path === undefined) return undefined;
    const file = await openRaster(path, { signal });
    open.push(file);
    return file;
  };
  try {
    const mask = await named(flags.mask);
    const referenceMask = await named(flags.referenceMask);
    return {
      options: { mask, referenceMask },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
