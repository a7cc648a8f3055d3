import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256OfBlob } from './sha256.js';

it('is what OpenSSL computes, at the edges of blocks and pieces too', async () => {
  // A piece is 4 MiB.
  for (const size of [0, 1, 55, 56, 63, 64, 65, 1000, 2 ** 22 - 1, 2 ** 22, 2 ** 22 + 1]) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) % 256);
    const due = createHash('sha256').update(bytes).digest('hex');
    expect([size, await sha256OfBlob(new Blob([bytes]))]).toEqual([size, due]);
  }
});
