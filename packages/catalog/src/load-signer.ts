import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TiepointError } from '@tiepoint/geometry';
import { addSigner } from './sign.js';
import type { Signer } from './signer.js';

/**
 * Adds the provider of a module whose default export is a {@link Signer}.
 *
 * @throws TiepointError `invalid-option`
 */
export async function loadSigner(path: string): Promise<void> {
  const module = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: Partial<Signer> };
  const { name, matches, sign } = module.default ?? {};
  if (typeof name !== 'string' || typeof matches !== 'function' || typeof sign !== 'function') {
    throw new TiepointError('invalid-option', `${path}: exports no signer`, {
      hint: 'Its default export must be { name, matches(url), sign(url) }; see docs/stac.md.',
      value: path,
    });
  }
  addSigner({ name, matches, sign });
}
