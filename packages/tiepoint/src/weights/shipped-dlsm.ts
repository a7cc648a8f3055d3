import { TiepointError } from '@tiepoint/geometry';
import { decodeDlsm, type Dlsm } from '@tiepoint/matching';

/** Beside the compiled files, as published. */
const place = new URL('../../weights/dlsm.safetensors', import.meta.url);

async function readShipped(): Promise<Uint8Array> {
  if (place.protocol !== 'file:') {
    const answer = await fetch(place);
    if (!answer.ok) throw new Error(`${place.href}: ${answer.status} ${answer.statusText}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
  // Only where there is a file system; a bundle for browsers has another address and never comes here.
  const { readFile } = await import('node:fs/promises');
  return readFile(place);
}

let shipped: Promise<Dlsm> | undefined;

/**
 * The weights that come with the package, read once.
 *
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export function shippedDlsm(): Promise<Dlsm> {
  shipped ??= readShipped().then(decodeDlsm, (cause: unknown) => {
    throw new TiepointError('weights-missing', `the weights that belong to tiepoint cannot be read`, {
      hint: 'install the package again, or register without learned localisation (--weights none)',
      value: place.href,
      cause,
    });
  });
  return shipped;
}
