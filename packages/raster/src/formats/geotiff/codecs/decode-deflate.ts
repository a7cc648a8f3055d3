import type { BlockContext } from '../read/decoder.js';

type Inflate = (bytes: Uint8Array, expectedBytes: number, wantedBytes: number) => Promise<Uint8Array>;

/** Below this part of a block it pays to stop early. */
const earlyBytes = 0.8;

/** In Node, zlib on its thread pool; in a browser, DecompressionStream. */
const inflate: Inflate = await chooseInflate();

async function chooseInflate(): Promise<Inflate> {
  if (typeof process === 'undefined' || !process.versions?.node) return inflateStream;
  const zlib = await import('node:zlib');
  return (bytes, expectedBytes, wantedBytes) =>
    new Promise((resolve, reject) => {
      if (wantedBytes < expectedBytes * earlyBytes) {
        const stream = zlib.createInflate({
          chunkSize: Math.max(64, wantedBytes),
          finishFlush: zlib.constants.Z_SYNC_FLUSH,
        });
        // The first piece is full as soon as the wanted bytes are there; what follows is never decoded.
        stream.once('data', (piece: Uint8Array) => {
          stream.destroy();
          resolve(piece);
        });
        stream.once('error', reject);
        stream.once('end', () => resolve(new Uint8Array(0)));
        stream.end(bytes);
        return;
      }
      zlib.inflate(
        bytes,
        // One allocation of the right size, and never more than the block can have; a truncated stream gives what it has.
        {
          maxOutputLength: expectedBytes,
          chunkSize: expectedBytes + 64,
          finishFlush: zlib.constants.Z_SYNC_FLUSH,
        },
        (error, out) => (error ? reject(error) : resolve(out)),
      );
    });
}

async function inflateStream(bytes: Uint8Array, _expectedBytes: number, wantedBytes: number): Promise<Uint8Array> {
  const out = new Uint8Array(wantedBytes);
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  let at = 0;
  while (at < wantedBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(0, wantedBytes - at);
    out.set(piece, at);
    at += piece.byteLength;
  }
  await reader.cancel();
  return out.subarray(0, at);
}

/** Decodes a zlib block; output beyond the expected length is never made. */
export function decodeDeflate(bytes: Uint8Array, context: BlockContext): Promise<Uint8Array> {
  return inflate(bytes, context.expectedBytes, context.wantedBytes);
}
