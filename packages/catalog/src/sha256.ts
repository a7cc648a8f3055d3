import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Bytes that are read at once. */
const pieceBytes = 2 ** 22;

/** SHA-256 of a blob, hexadecimal; read piece by piece, as images may be larger than memory and browsers' own wants all bytes at once. */
export async function sha256OfBlob(blob: Blob, signal?: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < blob.size; at += pieceBytes) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}
