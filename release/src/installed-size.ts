import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A package of a folder, and its bytes. */
export interface InstalledPackage {
  readonly name: string;
  readonly bytes: number;
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Every package of a `node_modules`, the largest first. */
export function installedPackages(modules: string): InstalledPackage[] {
  const names = readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
  return names.map((name) => ({ name, bytes: bytesOf(join(modules, name)) })).toSorted((a, b) => b.bytes - a.bytes);
}

/** Megabytes of 10⁶ bytes, as disks and npm count them. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0);
}
