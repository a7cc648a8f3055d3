import type { WriteStream } from 'node:tty';

/** A line on standard error that says how far the work is: only on a terminal, at most ten times a second. */
export function createProgress(stream: WriteStream, quiet: boolean): (text: string) => void {
  if (quiet || !stream.isTTY) return () => {};
  let shown = false;
  let last = 0;
  return (text) => {
    if (text === '') {
      if (shown) stream.write('\r\u001B[K');
      shown = false;
      return;
    }
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    shown = true;
    stream.write(`\r\u001B[K${text.slice(0, Math.max(10, stream.columns - 1))}`);
  };
}
