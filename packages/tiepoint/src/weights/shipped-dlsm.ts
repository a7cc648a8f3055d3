import { TiepointError } from '@tiepoint/geometry';
import { decodeDlsm, type Dlsm } from '@tiepoint/matching';
import { readShippedFile } from './shipped-file.js';

/** Names of the shipped weights of DLSM. */
export type DlsmName = 'dlsm' | 'uss2020';

/**
 * The networks' files, beside the compiled files as published: tiepoint's own, and the paper's (Uss 2020) trained with
 * the paper's loss.
 */
const places: Readonly<Record<DlsmName, URL>> = {
  dlsm: new URL('../../weights/dlsm.safetensors', import.meta.url),
  uss2020: new URL('../../weights/uss2020.safetensors', import.meta.url),
};

export const dlsmNames = Object.keys(places) as readonly DlsmName[];

function missing(place: URL, cause: unknown): TiepointError {
  return new TiepointError('weights-missing', `the weights that belong to tiepoint cannot be read`, {
    hint: 'install the package again, or register without learned localisation (--weights none)',
    value: place.href,
    cause,
  });
}

async function load(place: URL): Promise<Dlsm> {
  const file = await readShippedFile(place).catch((cause: unknown) => {
    throw missing(place, cause);
  });
  if (file === null) throw missing(place, undefined);
  return decodeDlsm(file);
}

const shipped = new Map<DlsmName, Promise<Dlsm>>();

/**
 * Weights that come with the package, read once.
 *
 * @param name - `dlsm`, the default, or `uss2020`, the paper's network
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export function shippedDlsm(name: DlsmName = 'dlsm'): Promise<Dlsm> {
  let weights = shipped.get(name);
  if (weights === undefined) {
    weights = load(places[name]);
    shipped.set(name, weights);
  }
  return weights;
}
