import { figure6, patches, table2 } from './ablations.js';
import { table3, table4 } from './by-pair.js';
import { figure9 } from './by-threshold.js';
import type { Study } from './study.js';

export type { StudyRow } from './study.js';

/** Tables and figures of Li, Han and Ye 2022, by the names the command line knows them by. */
export const studies: Readonly<Record<string, Study>> = { table2, table3, table4, figure6, figure9, patches };
