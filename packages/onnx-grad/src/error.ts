/** What is known of a failure beside its message. */
export interface OnnxGradErrorDetails {
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  /** The offending value, as given. */
  readonly value?: unknown | undefined;
  readonly cause?: unknown | undefined;
}

/** The error this package throws: a message for people, a `code` for programs and a hint that says what to do. */
export class OnnxGradError extends Error {
  override readonly name = 'OnnxGradError';
  /** Stable, `kebab-case`: `shape-mismatch`, `invalid-argument`, `backend-missing`, … */
  readonly code: string;
  readonly hint: string | undefined;
  readonly value: unknown;

  constructor(code: string, message: string, details: OnnxGradErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.value = details.value;
  }
}

/** A shape mistake, told with the operation's name and every shape involved. */
export function shapeError(operation: string, shapes: readonly (readonly number[])[], why: string): OnnxGradError {
  const list = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  return new OnnxGradError('shape-mismatch', `${operation}: ${why}; got ${list}`, { value: shapes });
}

/** An argument that is not a shape but is wrong all the same. */
export function argumentError(operation: string, why: string, value: unknown): OnnxGradError {
  return new OnnxGradError('invalid-argument', `${operation}: ${why}`, { value });
}
