import { TiepointError } from '@tiepoint/geometry';
import { decodeDlsm, type Dlsm } from '@tiepoint/matching';
import { readShippedFile } from './shipped-file.js';

/** Beside the compiled files, as published. */
const place = new URL('../../weights/dlsm.safetensors', import.meta.url);

function missing(cause: unknown): TiepointError {
  return new TiepointError('weights-missing', `the weights that belong to tiepoint cannot be read`, {
    hint: 'install the package again, or register without learned localisation (--weights none)',
    value: place.href,
    cause,
  });
}

async function load(): Promise<Dlsm> {
  const file = await readShippedFile(place).catch((cause: unknown) => {
    throw missing(cause);
  });
  if (file === null) throw missing(undefined);
  return decodeDlsm(file);
}

let shipped: Promise<Dlsm> | undefined;

/**
 * The weights that come with the package, read once.
 *
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export function shippedDlsm(): Promise<Dlsm> {
  shipped ??= load();
  return shipped;
}
