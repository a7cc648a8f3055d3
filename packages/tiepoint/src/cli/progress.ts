import type { WriteStream } from 'node:tty';

/**
 * A line on standard error that says how far the work is: only on a terminal, at most ten times a second. Programs that call the
 * command line ask for lines of their own by `TIEPOINT_PROGRESS=lines`: `progress: text`.
 */
export function createProgress(stream: WriteStream, quiet: boolean): (text: string) => void {
  if (quiet) return () => {};
  if (process.env['TIEPOINT_PROGRESS'] === 'lines') return progressLines(stream);
  if (!stream.isTTY) return () => {};
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

/** A line for each thing said, but not the same twice. */
function progressLines(stream: WriteStream): (text: string) => void {
  let last = '';
  return (text) => {
    if (text === '' || text === last) return;
    last = text;
    stream.write(`progress: ${text.replaceAll('\n', ' ')}\n`);
  };
}
