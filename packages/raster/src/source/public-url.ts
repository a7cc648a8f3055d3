/** A URL as it may stand in messages and files: without its query, fragment and credentials, which may be secrets. */
export function publicUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** Whether a location is a URL, of a web server or an object store, and no path. */
export function isUrl(location: string): boolean {
  return /^(https?:|(?:s3|gs|az):\/\/)/i.test(location);
}
