export { addSigner, loadSigner, signHref } from './sign.js';
export type { Signer } from './signer.js';
