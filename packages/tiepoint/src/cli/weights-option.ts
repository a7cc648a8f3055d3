import { readFile } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';
import { decodeDlsm, type Dlsm } from '@tiepoint/matching';
import { dlsmNames, shippedDlsm } from '../weights/shipped-dlsm.js';

/** Reads a file of weights. @param network - as `tiepoint train` calls it @throws TiepointError `weights-missing` */
export async function readWeightsFile(path: string, network: 'dlsm' | 'detector' | 'matcher'): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new TiepointError('weights-missing', `cannot read the weights ${path}`, {
      hint: `name a file made by \`tiepoint train ${network}\`, or none to do without`,
      value: path,
      cause,
    });
  }
}

/** What `--weights` asks for: nothing said means those shipped, `none` is null, a name is other shipped weights. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function dlsmOption(weights: string | undefined): Promise<{ readonly dlsm?: Dlsm | null }> {
  if (weights === undefined) return {};
  if (weights === 'none') return { dlsm: null };
  const name = dlsmNames.find((shipped) => shipped === weights);
  if (name !== undefined) return { dlsm: await shippedDlsm(name) };
  return { dlsm: decodeDlsm(await readWeightsFile(weights, 'dlsm')) };
}
