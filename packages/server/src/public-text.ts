import { sep } from 'node:path';
import type { ServerOptions } from './server-options.js';

/** Takes the paths of the machine out of a text: inputs are left as the client calls them, outputs by their names. */
export function publicText(text: string, { data, output }: ServerOptions): string {
  const uploads = `${output}${sep}uploads${sep}`;
  let result = text.replaceAll(uploads, 'upload:');
  if (data !== null) result = result.replaceAll(`${data}${sep}`, '').replaceAll(data, 'data');
  const jobFolder = new RegExp(`${escapeRegExp(output)}[/\\\\]jobs[/\\\\][\\w-]+[/\\\\]`, 'g');
  return result.replaceAll(jobFolder, '').replaceAll(output, 'output');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
