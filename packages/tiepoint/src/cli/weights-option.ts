import { readFile } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';
import { decodeDlsm, type Dlsm } from '@tiepoint/matching';

/** What `--weights` asks for: nothing said means those shipped, `none` is null. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function dlsmOption(weights: string | undefined): Promise<{ readonly dlsm?: Dlsm | null }> {
  if (weights === undefined) return {};
  if (weights === 'none') return { dlsm: null };
  let file: Uint8Array;
  try {
    file = await readFile(weights);
  } catch (cause) {
    throw new TiepointError('weights-missing', `cannot read the weights ${weights}`, {
      hint: 'name a file made by `tiepoint train dlsm`, or none to do without',
      value: weights,
      cause,
    });
  }
  return { dlsm: decodeDlsm(file) };
}
