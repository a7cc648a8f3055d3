import type { AtomicOutput } from './atomic-output.js';

/** The part of a file handle of a browser's private file system that workers have and the compiler does not know here. */
interface SyncAccess {
  read(into: Uint8Array, at: { readonly at: number }): number;
  write(bytes: Uint8Array, at: { readonly at: number }): number;
  flush(): void;
  close(): void;
}
interface PrivateHandle {
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<SyncAccess>;
}
interface PrivateFolder {
  getDirectoryHandle(name: string, options: { readonly create: true }): Promise<PrivateFolder>;
  getFileHandle(name: string, options: { readonly create: true }): Promise<PrivateHandle>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
}

const folderName = 'tiepoint';

async function folder(): Promise<PrivateFolder> {
  const storage = (navigator as unknown as { readonly storage: { getDirectory(): Promise<PrivateFolder> } }).storage;
  return (await storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
}

/** A file of the browser's private file system, for one page: on disk, not in memory. */
export interface PrivateFile extends AtomicOutput {
  /** The file as it was committed. */
  file(): Promise<File>;
}

/** Opens a new private file; only workers can. */
export async function privateFile(name: string): Promise<PrivateFile> {
  const parent = await folder();
  const handle = await parent.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  let isOpen = true;
  const close = (): void => {
    if (isOpen) access.close();
    isOpen = false;
  };
  return {
    path: name,
    temporary: name,
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.byteLength;) done += access.write(bytes.subarray(done), { at: at + done });
    },
    read: async (at, length, into) => {
      const bytes = into.subarray(0, length);
      for (let done = 0; done < length;) {
        const read = access.read(bytes.subarray(done), { at: at + done });
        if (read === 0) break;
        done += read;
      }
      return bytes;
    },
    commit: async () => {
      access.flush();
      close();
    },
    abort: async () => {
      if (!isOpen) return;
      close();
      await parent.removeEntry(name);
    },
    file: () => handle.getFile(),
  };
}

/** Removes what earlier pages left in the private file system. */
export async function clearPrivateFiles(): Promise<void> {
  const parent = await folder();
  for await (const name of parent.keys()) {
    // Another page may be writing it.
    await parent.removeEntry(name).catch(() => {});
  }
}
