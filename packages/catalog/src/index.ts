export * from './browser.js';
export { hrefFrom, itemFile } from './item-file.js';
export { loadSigner } from './load-signer.js';
export { type ItemPair, pairItems, timeOf } from './pair-items.js';
export { readItems, type ReadItemsOptions, searchItems, type StacSearch } from './read-items.js';
export { staticCollection } from './static-collection.js';
