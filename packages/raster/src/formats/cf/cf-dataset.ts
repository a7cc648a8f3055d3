import type { DataType, SampleArray } from '../data-type.js';

/** A text, a number or several. */
export type CfValue = string | number | readonly number[];

/** An array of a NetCDF, HDF5 or Zarr file, with what its attributes say. */
export interface CfVariable {
  readonly name: string;
  /** From the slowest to the fastest. */
  readonly dimensions: readonly { readonly name: string; readonly size: number }[];
  readonly attributes: ReadonlyMap<string, CfValue>;
  /** Null of texts and the like. */
  readonly dataType: DataType | null;
  /** Rows that are stored together. */
  readonly blockHeight: number;
  /** Reads a box of it, `count` along each dimension from `start`; in the order of the dimensions. */
  readonly read: (
    start: readonly number[],
    count: readonly number[],
    signal: AbortSignal | undefined,
  ) => Promise<SampleArray>;
}

/** A file of such arrays. */
export interface CfDataset {
  /** GDAL's short driver name. */
  readonly format: string;
  readonly name: string;
  readonly location: string | null;
  readonly variables: readonly CfVariable[];
  readonly attributes: ReadonlyMap<string, CfValue>;
  /** Whether rows that run north are turned over, as GDAL does in NetCDF. */
  readonly turnsRows: boolean;
  readonly compression: string;
  readonly close: () => Promise<void>;
}

/** An attribute as text; null where it is none. */
export function textOf(attributes: CfVariable['attributes'], name: string): string | null {
  const value = attributes.get(name);
  return typeof value === 'string' ? value.trim() || null : null;
}

/** An attribute as a number, the first of several; null where it is none. */
export function numberOf(attributes: CfVariable['attributes'], name: string): number | null {
  const value = attributes.get(name);
  const number = typeof value === 'number' ? value : typeof value === 'object' ? (value[0] ?? Number.NaN) : Number.NaN;
  return Number.isNaN(number) ? null : number;
}
