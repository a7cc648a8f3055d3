import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { planetaryComputer } from './planetary-computer.js';
import type { Signer } from './signer.js';

/** In the order in which they are asked; the first that matches signs. */
const signers: Signer[] = [planetaryComputer];

/** Adds a provider, asked before those that are known already. */
export function addSigner(signer: Signer): void {
  signers.unshift(signer);
}

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

/** An address as it can be read: signed where its provider wants that, else as it is. */
export async function signHref(href: string): Promise<string> {
  const url = new URL(href);
  const signer = signers.find(({ matches }) => matches(url));
  return signer === undefined ? href : signer.sign(url);
}
