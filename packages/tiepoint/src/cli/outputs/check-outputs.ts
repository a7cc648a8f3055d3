import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';

/**
 * Checks before the work begins that every named output can be written, so that minutes of it are not lost to a typing error.
 * The writers check again when they rename.
 * @param inputs paths (or URLs) that must not be written over, even with `overwrite`.
 * @throws TiepointError `output-exists`, `output-unwritable`, `invalid-option`.
 */
export async function checkOutputs(
  outputs: readonly string[],
  inputs: readonly string[],
  overwrite: boolean,
): Promise<void> {
  const taken = new Set(inputs.map((input) => resolve(input)));
  for (const output of outputs) {
    const path = resolve(output);
    if (taken.has(path)) {
      throw new TiepointError('invalid-option', `${output}: named twice, or an input and an output at once`, {
        hint: 'Give every output a name of its own.',
        value: output,
      });
    }
    taken.add(path);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) {
      throw new TiepointError('output-unwritable', `${output}: is a directory`, {
        hint: 'Name a file in it.',
        value: output,
      });
    }
    if (found !== null && !overwrite) {
      throw new TiepointError('output-exists', `${output}: the file exists already`, {
        hint: 'Choose another name, or allow it to be replaced (--overwrite).',
        value: output,
      });
    }
    await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
      throw new TiepointError('output-unwritable', `${output}: its directory does not exist or cannot be written`, {
        hint: 'Check that the directory exists and that you may write to it.',
        value: output,
        cause,
      });
    });
  }
}
