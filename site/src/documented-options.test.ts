import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { commandsOf } from './markdown.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'packages/tiepoint/bin/tiepoint.js');

/** A call of the command line that a document shows. */
interface Call {
  readonly file: string;
  /** `register`, `train dlsm`. */
  readonly command: string;
  readonly options: readonly string[];
}

/** The calls in a text's shell blocks, and in its inline code. */
function callsIn(file: string): Call[] {
  const text = readFileSync(join(root, file), 'utf8');
  const inline = [...text.matchAll(/`(tiepoint [^`\n]+)`/g)].map(([, line]) => line!);
  return [...commandsOf(text, 'tiepoint'), ...inline].flatMap((line) => {
    const called = /(?:^|[\s|])tiepoint ((?:train )?[a-z]+)(?=\s|$)([^|>]*)/.exec(line);
    if (called === null) return [];
    const options = [...called[2]!.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([option]) => option);
    return [{ file, command: called[1]!, options }];
  });
}

it('every command that a document shows exists, with the options it is given', async () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  const calls = listed
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .flatMap(callsIn);
  expect(calls.length).toBeGreaterThan(80);
  const commands = [...new Set(calls.map(({ command }) => command))];
  const helps = new Map<string, string>();
  // One after another: each is a process of its own.
  for (const command of commands) {
    const { stdout } = await run(process.execPath, [cli, ...command.split(' '), '--help']);
    helps.set(command, stdout);
  }
  const unknown = calls.flatMap(({ file, command, options }) => [
    ...(helps.get(command)!.startsWith(`Usage: tiepoint ${command}`) ? [] : [`${file}: tiepoint ${command}`]),
    ...options
      .filter((option) => !new RegExp(`${option}(?![a-z-])`).test(helps.get(command)!))
      .map((option) => `${file}: tiepoint ${command} ${option}`),
  ]);
  expect(unknown).toEqual([]);
});
