import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedPackages, type InstalledPackage } from './installed-size.js';
import type { PackedPackage } from './packed-packages.js';

const run = promisify(execFile);

/** A folder into which somebody installed the packages, with the programs that try them. */
export interface Installation {
  readonly folder: string;
  readonly packages: readonly InstalledPackage[];
  /** Whether the native engine is there: its install script fails where it cannot download, and npm leaves it out. */
  readonly native: boolean;
}

/** Installs tarballs into an empty folder, as npm does by default: with `scripts`, those of dependencies run. */
export async function installTarballs(
  folder: string,
  packed: readonly PackedPackage[],
  trial: string,
  scripts: boolean,
): Promise<Installation> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  // What the project itself has set must not help: a user has no .npmrc.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const options = [
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
    `--ignore-scripts=${!scripts}`,
    '--engine-strict',
  ];
  const tarballs = packed.map(({ tarball }) => tarball);
  await run('npm', ['install', ...options, ...tarballs], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  cpSync(trial, folder, { recursive: true });
  const packages = installedPackages(join(folder, 'node_modules'));
  return { folder, packages, native: packages.some(({ name }) => name === 'onnxruntime-node') };
}

/** Runs a program in a folder. @throws with what it printed, where its exit status is another than expected. */
export async function runIn(
  folder: string,
  program: string,
  args: readonly string[],
  status = 0,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const ended = await run(program, [...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024 }).then(
    (output) => ({ ...output, code: 0 as unknown }),
    (error: Error & { code?: unknown; stdout?: string; stderr?: string }) => ({
      code: error.code,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? error.message,
    }),
  );
  if (ended.code !== status) {
    throw new Error(`${program} ${args.join(' ')}: status ${String(ended.code)}\n${ended.stdout}${ended.stderr}`);
  }
  return ended;
}
