import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A published package, packed. */
export interface PackedPackage {
  readonly name: string;
  /** Its folder in the repository, relative to the root: `packages/raster`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly packedBytes: number;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
}

/** Where an entry lies, by who asks; paths begin with `./dist/`. */
interface ExportConditions {
  readonly types: string;
  /** The bundle that Node loads. */
  readonly node?: string;
  readonly default: string;
}

/** What is read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly homepage?: string;
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string };
  readonly bugs?: { readonly url?: string };
  readonly engines?: { readonly node?: string };
  readonly sideEffects?: boolean | readonly string[];
  readonly type?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, ExportConditions>>;
}

/** Reads a folder's package.json. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Folders of all workspaces that are published. */
function publishedFolders(root: string): string[] {
  return (readManifest(root).workspaces ?? []).filter((folder) => readManifest(join(root, folder)).private !== true);
}

/** Packs every published workspace into a folder, as `npm publish` would. The project must have been built. */
export function packAll(root: string, into: string): PackedPackage[] {
  const folders = publishedFolders(root);
  const named = folders.flatMap((folder) => ['-w', folder]);
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', into, ...named], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const packed = JSON.parse(output) as {
    readonly name: string;
    readonly filename: string;
    readonly size: number;
    readonly files: readonly { readonly path: string }[];
  }[];
  return folders.map((folder) => {
    const manifest = readManifest(join(root, folder));
    const found = packed.find(({ name }) => name === manifest.name)!;
    return {
      name: manifest.name,
      folder,
      manifest,
      tarball: join(into, found.filename.replace('@', '').replace('/', '-')),
      packedBytes: found.size,
      files: found.files.map(({ path }) => path),
    };
  });
}
