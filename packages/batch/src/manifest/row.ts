/** A value as a manifest holds it. */
export type RowValue = string | number | boolean;

/** A pair as a manifest names it, before anything of it was checked. */
export interface ManifestRow {
  /** Where it stands, for messages: `pairs.csv, line 3`. */
  readonly place: string;
  /** `reference`, `sensed`, `output` and options of `register`, by the names that were written. */
  readonly values: Readonly<Record<string, RowValue>>;
  /** What the row came from where that is a catalogue: handed on to the items that are written. */
  readonly source?: RowSource | undefined;
}

/** Items of a catalogue that a row came from. */
export interface RowSource {
  /** Address of the item of the sensed image, and of the reference where that has one. */
  readonly sensedItem?: string | undefined;
  readonly referenceItem?: string | undefined;
  /** When the sensed image was taken, RFC 3339. */
  readonly datetime?: string | undefined;
  /** The item's id. */
  readonly id?: string | undefined;
}
