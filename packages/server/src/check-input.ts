import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { invalidInput } from './api-error.js';
import type { ServerOptions } from './server-options.js';

/** What an input may be called: `upload:NAME` names one that was uploaded. */
const upload = /^upload:([\w-]{1,64}\.\w{1,5})$/;

/** A path below a folder; whatever leads elsewhere, or is no file, is said not to be there. */
async function below(folder: string, path: string, shown: string): Promise<string> {
  const missing = invalidInput(`${shown}: no such file among the data`);
  if (path === '' || path.includes('\0') || path.includes('\\') || isAbsolute(path) || /^\w+:/.test(path))
    throw missing;
  if (path.split('/').some((part) => part === '..' || part === '.' || part.startsWith('.'))) throw missing;
  const wanted = resolve(folder, path);
  if (!wanted.startsWith(folder + sep)) throw missing;
  // A symbolic link anywhere on the way gives another path.
  const real = await realpath(wanted).catch(() => null);
  if (real !== wanted || !(await stat(real)).isFile()) throw missing;
  return real;
}

/**
 * The place of an input: a path below the data, an upload, or a URL of an allowed host. Where a URL's name leads is checked again,
 * on every hop, by what reads it.
 *
 * @throws ApiError 400
 */
export async function checkInput(value: unknown, options: ServerOptions): Promise<string> {
  const text = typeof value === 'object' && value !== null && 'href' in value ? value.href : value;
  if (typeof text !== 'string' || text.length > 2000) throw invalidInput('an image is a text, or an object with href');
  if (/^https?:\/\//i.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.username !== '' || url.password !== '')
      throw invalidInput('not an address that can be read');
    if (!options.limits.hosts.includes(url.hostname.toLowerCase())) {
      throw invalidInput(`${url.hostname}: the server reads nothing from this host`);
    }
    return url.href;
  }
  const [, name] = upload.exec(text) ?? [];
  if (name !== undefined) return below(resolve(options.output, 'uploads'), name, text);
  if (options.data === null) throw invalidInput('the server has no data of its own; give a URL or upload the image');
  return below(options.data, text, text);
}
