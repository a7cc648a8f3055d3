import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { ItemFile } from './registered-item.js';

/** The address of a file or a page as seen from a folder: an item's own. */
export function hrefFrom(folder: string, address: string): string {
  if (/^https?:/i.test(address)) return address;
  const link = relative(folder, address).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return link.startsWith('.') ? link : `./${link}`;
}

/** A file as an item in a folder names it; read whole for its checksum. */
export async function itemFile(path: string, folder: string): Promise<ItemFile> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return { href: hrefFrom(folder, path), size: (await stat(path)).size, sha256: hash.digest('hex') };
}
