import type { OpenRasterOptions, RasterFile } from '@tiepoint/raster';

/** What a command may touch of the world: tests give their own, `main.ts` the process. */
export interface CliSession {
  /** Writes to standard output; resolves when it may take more. */
  out(text: string): Promise<void>;
  /** Writes a line to standard error. */
  err(line: string): void;
  /** Standard input, for the commands that read it. */
  readonly input: AsyncIterable<Uint8Array | string>;
  /** Shows how far the work is, on a terminal only; an empty text clears the line. */
  progress(text: string): void;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Takes over what Ctrl-C and SIGTERM do, for a command that ends its work in order. A handler that returns false leaves it at
   * ending at once.
   */
  onInterrupt(handler: (signal: 'SIGINT' | 'SIGTERM') => boolean): void;
  /** Opens an image in place of `openRaster`, where a caller has rules of its own. */
  readonly open?: ((source: string, options: OpenRasterOptions) => Promise<RasterFile>) | undefined;
  /** The exit status a command ends with when it does not throw. */
  exitCode: number;
}
