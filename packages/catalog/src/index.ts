export { type AssetChoice, chooseAsset } from './choose-asset.js';
export { type ItemPair, pairItems, timeOf } from './pair-items.js';
export { readItems, type ReadItemsOptions, searchItems, type StacSearch } from './read-items.js';
export { type RegisteredImage, registeredItem } from './registered-item.js';
export { addSigner, loadSigner, signHref } from './sign.js';
export type { Signer } from './signer.js';
export { isStacDocument, itemsOf, type ReadItem } from './stac.js';
export { staticCollection } from './static-collection.js';
