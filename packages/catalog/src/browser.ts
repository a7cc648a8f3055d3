// What runs in browsers as well: documents that were read already, and items that are made. Reading files and following links needs Node.
export { type AssetChoice, chooseAsset } from './choose-asset.js';
export type { RegisteredImageFacts } from './registered-image.js';
export { type ItemCollection, type ItemFile, type RegisteredImage, registeredItem } from './registered-item.js';
export { sha256OfBlob } from './sha256.js';
export { addSigner, signHref } from './sign.js';
export type { Signer } from './signer.js';
export { isStacDocument, itemsOf, type ReadItem } from './stac.js';
