// A user's sources, for the compiler: what the packages' types say must hold without the project's own settings.
import { TiepointError } from '@tiepoint/geometry';
import { openRaster, type RasterFile } from '@tiepoint/raster';
import { register, type Registration, type RegistrationResult } from 'tiepoint';
import { buildReport } from 'tiepoint/node';

export async function place(referencePath: string, sensedPath: string): Promise<Registration['verdict']> {
  const reference: RasterFile = await openRaster(referencePath);
  const sensed: RasterFile = await openRaster(sensedPath);
  try {
    const result: RegistrationResult = await register(reference, sensed, { seed: 1, model: 'affine' });
    const page: string = await buildReport(reference, sensed, result);
    return page === '' ? 'refuse' : result.registration.verdict;
  } catch (error) {
    if (error instanceof TiepointError) throw new Error(`${error.code}: ${error.hint ?? ''}`, { cause: error });
    throw error;
  } finally {
    await reference.close();
    await sensed.close();
  }
}
