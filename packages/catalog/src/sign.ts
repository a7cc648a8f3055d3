import { planetaryComputer } from './planetary-computer.js';
import type { Signer } from './signer.js';

/** In the order in which they are asked; the first that matches signs. */
const signers: Signer[] = [planetaryComputer];

/** Adds a provider, asked before those that are known already. */
export function addSigner(signer: Signer): void {
  signers.unshift(signer);
}

/** An address as it can be read: signed where its provider wants that, else as it is. */
export async function signHref(href: string): Promise<string> {
  const url = new URL(href);
  const signer = signers.find(({ matches }) => matches(url));
  return signer === undefined ? href : signer.sign(url);
}
