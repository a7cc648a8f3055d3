import { TiepointError } from '@tiepoint/geometry';
import { type Environment, environmentNow } from './environment.js';

/** No file of headers is larger, bytes. */
const mostBytes = 64 * 1024;

/**
 * Headers that the environment wants sent with every request, by GDAL's names: `GDAL_HTTP_HEADERS`, `GDAL_HTTP_HEADER_FILE`,
 * `GDAL_HTTP_BEARER`, `GDAL_HTTP_USERPWD`, `GDAL_HTTP_COOKIE`, `GDAL_HTTP_USERAGENT`. Their values are secrets.
 * @throws {TiepointError} `invalid-option` for what is no header, `file-unreadable` for a file that cannot be read.
 */
export async function environmentHeaders(environment: Environment): Promise<Readonly<Record<string, string>>> {
  const { GDAL_HTTP_HEADERS: together, GDAL_HTTP_HEADER_FILE: path } = environment;
  const headers = new Map<string, string>();
  const add = (pairs: readonly (readonly [string, string])[]): void => {
    for (const [name, value] of pairs) headers.set(name.toLowerCase(), value);
  };
  const { GDAL_HTTP_AUTH: kind, GDAL_HTTP_BEARER: bearer, GDAL_HTTP_USERPWD: password } = environment;
  if (bearer && (!kind || /^(bearer|any|anysafe)$/i.test(kind))) add([['authorization', `Bearer ${bearer}`]]);
  else if (password && (!kind || /^(basic|any|anysafe)$/i.test(kind))) {
    add([['authorization', `Basic ${btoa(String.fromCodePoint(...new TextEncoder().encode(password)))}`]]);
  }
  if (environment['GDAL_HTTP_COOKIE']) add([['cookie', environment['GDAL_HTTP_COOKIE']]]);
  if (environment['GDAL_HTTP_USERAGENT']) add([['user-agent', environment['GDAL_HTTP_USERAGENT']]]);
  if (path) add(parseLines(await readHeaderFile(path), 'GDAL_HTTP_HEADER_FILE'));
  if (together) add(parseHeaders(together));
  return Object.fromEntries(headers);
}

/** The headers that the environment wants sent now. Their values are secrets. @throws {TiepointError} As of the variables. */
export function requestHeaders(): Promise<Readonly<Record<string, string>>> {
  return environmentHeaders(environmentNow());
}

/** `Name: value,Other: value`, with values in quotes where they hold commas, or lines. */
function parseHeaders(text: string): readonly (readonly [string, string])[] {
  if (/[\r\n]/.test(text)) return parseLines(text, 'GDAL_HTTP_HEADERS');
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? [];
  const plain = parts.map((part) =>
    part.trim().replace(/^"(.*)"$/s, (_, inside: string) => inside.replace(/\\(["\\])/g, '$1')),
  );
  return parseLines(plain.join('\n'), 'GDAL_HTTP_HEADERS');
}

function parseLines(text: string, variable: string): readonly (readonly [string, string])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line, i) => {
      const found = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(line);
      if (found) return [found[1]!, found[2]!];
      // The line itself may be a secret.
      throw new TiepointError('invalid-option', `${variable}: entry ${i + 1} is no header`, {
        hint: 'Headers are written Name: value.',
        value: variable,
      });
    });
}

async function readHeaderFile(path: string): Promise<string> {
  const { open } = await import('node:fs/promises');
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(mostBytes), 0, mostBytes, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } catch (cause) {
    throw new TiepointError('file-unreadable', `${path}: cannot be read (${(cause as Error).message})`, {
      hint: 'GDAL_HTTP_HEADER_FILE names it.',
      value: path,
      cause,
    });
  }
}
