/** What is known of a failure beside its message. */
export interface TiepointErrorDetails {
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  /** The offending value, as given. */
  readonly value?: unknown | undefined;
  readonly cause?: unknown | undefined;
}

/** The error every tiepoint package throws: a message for people, a `code` for programs and a hint that says what to do. */
export class TiepointError extends Error {
  override readonly name = 'TiepointError';
  /** Stable, `kebab-case`: `file-not-found`, `unsupported-format`, … */
  readonly code: string;
  readonly hint: string | undefined;
  readonly value: unknown;

  constructor(code: string, message: string, details: TiepointErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.value = details.value;
  }
}
