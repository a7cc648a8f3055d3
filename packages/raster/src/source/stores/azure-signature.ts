/** Headers in the order in which a Shared Key signs their values. */
const signedHeaders = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const;

/** The account whose key signs. */
export interface AzureAccount {
  readonly name: string;
  /** In base 64. */
  readonly key: string;
}

/** Requests that an Azure account's own key authorises (Shared Key, versions from 2015-02-21 on). */
export function signedByAzure(base: typeof fetch, { name, key }: AzureAccount, version: string): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const headers = new Headers(init?.headers);
    headers.set('x-ms-date', new Date().toUTCString());
    headers.set('x-ms-version', version);
    const own = [...headers].filter(([header]) => header.startsWith('x-ms-')).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const query = [...url.searchParams].map(([parameter, value]) => `\n${parameter.toLowerCase()}:${value}`).toSorted();
    const text = [
      init?.method ?? 'GET',
      ...signedHeaders.map((header) => headers.get(header) ?? ''),
      ...own.map(([header, value]) => `${header}:${value}`),
      `/${name}${url.pathname}${query.join('')}`,
    ].join('\n');
    headers.set('authorization', `SharedKey ${name}:${await hmac(key, text)}`);
    return base(url.href, { ...init, headers });
  };
}

async function hmac(key: string, text: string): Promise<string> {
  const secret = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
