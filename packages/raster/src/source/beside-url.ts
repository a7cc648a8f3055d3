import { TiepointError } from '@tiepoint/geometry';

/**
 * Where a file lies that one at a URL names by its path from its own folder.
 * @throws {TiepointError} `unsupported-format` for a file of another server or bucket: what a server sends may name only its own.
 */
export function besideUrl(location: string, name: string): string {
  return /^https?:/i.test(location) ? onServer(location, name) : inBucket(location, name);
}

function onServer(location: string, name: string): string {
  const { origin, search } = new URL(location);
  const url = new URL(name, location);
  if (url.origin !== origin) throw foreign(name);
  // A signature of a folder's holds for all of its files.
  if (url.search === '') url.search = search;
  return url.href;
}

/** Keys are no URLs: they may hold any character as it is. */
function inBucket(location: string, name: string): string {
  const [, bucket, key] = /^(\w+:\/\/[^/]+\/)(.*)$/s.exec(location) ?? [null, `${location}/`, ''];
  if (/^\w+:\/\//.test(name)) {
    if (!name.startsWith(bucket!)) throw foreign(name);
    return name;
  }
  const parts = name.startsWith('/') ? [] : key!.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${bucket}${parts.join('/')}`;
}

function foreign(name: string): TiepointError {
  return new TiepointError('unsupported-format', `${name}: named by a file of another server`, {
    hint: 'Download both files first.',
    value: name,
  });
}
