/**
 * Reads a file that comes with the package, from disk or, in a browser, by its URL.
 *
 * @returns null where there is no such file
 */
export async function readShippedFile(place: URL): Promise<Uint8Array | null> {
  if (place.protocol !== 'file:') {
    const answer = await fetch(place);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${place.href}: ${answer.status} ${answer.statusText}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
  // Only where there is a file system; a bundle for browsers has another address and never comes here.
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(place);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

/** Whether a file that comes with the package is there; taken for granted where only a server could tell. */
export async function hasShippedFile(place: URL): Promise<boolean> {
  if (place.protocol !== 'file:') return true;
  const { access } = await import('node:fs/promises');
  return access(place).then(
    () => true,
    () => false,
  );
}
