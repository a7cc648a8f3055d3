import type { Environment } from '../environment.js';

/** Where an object can be asked for. */
interface StoredObject {
  readonly url: string;
  /** Asks for it with all that lets one in; the base `fetch` is the caller's. Absent where nothing is needed. */
  readonly authorise?: ((base: typeof fetch) => typeof fetch) | undefined;
}

/** A store whose objects have names of their own: `s3://bucket/key`. */
export interface ObjectStore {
  readonly scheme: string;
  /** GDAL's name of the same: `/vsis3/`. */
  readonly gdalPrefix: string;
  /** The environment with what stands elsewhere, as in files of profiles. @throws {TiepointError} `invalid-option`. */
  readonly prepare?: ((environment: Environment) => Promise<Environment>) | undefined;
  /** @throws {TiepointError} `invalid-option` where the environment does not say enough. */
  readonly locate: (bucket: string, key: string, environment: Environment) => StoredObject;
}

/** A key as path of a URL: its slashes stay. */
export function keyPath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** The same requests with further headers. */
export function withHeaders(base: typeof fetch, headers: Readonly<Record<string, string>>): typeof fetch {
  return (input, init) =>
    base(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...headers } });
}
