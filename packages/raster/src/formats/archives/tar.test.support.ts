/** A tar archive of POSIX's of some files. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, bytes] of Object.entries(files)) {
    const header = new Uint8Array(512);
    const write = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at);
    write(0, path);
    write(124, `${bytes.length.toString(8).padStart(11, '0')}\0`);
    write(156, '0');
    write(257, 'ustar\u000000');
    parts.push(header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512));
  }
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(1024)]));
}
