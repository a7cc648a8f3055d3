import { azStore } from './az.js';
import { gsStore } from './gs.js';
import type { ObjectStore } from './object-store.js';
import { s3Store } from './s3.js';

/** The object stores whose names are known. */
export const objectStores: readonly ObjectStore[] = [s3Store, gsStore, azStore];
