import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The commit that speed is compared with. */
const storedCommit = '6c73b17';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
/** Ignored by git, as every build is. */
const folder = join(repository, 'bench/dist/stored-builds', storedCommit);

/** Checks the stored commit out and builds it, once. @returns its command line. @throws Where git or npm fails. */
export function buildStoredCommit(): string {
  const cli = join(folder, 'packages/tiepoint/bin/tiepoint.js');
  const built = join(folder, 'built');
  if (existsSync(built)) return cli;
  process.stderr.write(`building ${storedCommit}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (cwd: string, program: string, ...args: string[]): void =>
    void execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  run(repository, 'git', 'clone', '--quiet', '--shared', '--no-checkout', repository, folder);
  run(folder, 'git', 'checkout', '--quiet', storedCommit);
  run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
  run(folder, 'npx', 'tsc', '-b');
  mkdirSync(built);
  return cli;
}
