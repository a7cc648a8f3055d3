/** A value with the ones before it, and those that were undone. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

/** Steps that can be undone. */
const longest = 500;

/** A value without a past. */
export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** A new value; what was undone cannot be done again then. */
export function change<T>({ past, present }: History<T>, next: T): History<T> {
  return { past: [...past, present].slice(-longest), present: next, future: [] };
}

/** The value before; the same where there is none. */
export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] };
}

/** The value that was undone last; the same where there is none. */
export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
