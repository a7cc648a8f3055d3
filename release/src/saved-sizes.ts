import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './installation.js';

/** What a package takes in an installation. */
export interface SizeRow {
  readonly engine: 'native' | 'wasm';
  readonly scripts: boolean;
  /** `all` for the sum. */
  readonly package: string;
  readonly megabytes: number;
}

const inMegabytes = (bytes: number): number => Math.round(bytes / 1e4) / 100;

/** The sum of an installation, and its packages of two megabytes and more. */
export function sizeRows({ packages, native }: Installation, scripts: boolean): SizeRow[] {
  const engine = native ? 'native' : 'wasm';
  const all = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  return [{ name: 'all', bytes: all }, ...packages.filter(({ bytes }) => bytes >= 2e6)].map(({ name, bytes }) => ({
    engine,
    scripts,
    package: name,
    megabytes: inMegabytes(bytes),
  }));
}

/** Keeps sizes as a result beside the benches'. */
export function saveSizes(root: string, rows: readonly SizeRow[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const machine = `${process.platform} ${process.arch}, Node ${process.version}`;
  const command = 'npm run check:packages -- --save';
  const document = { bench: 'packages', command, commit, machine, rows };
  writeFileSync(join(root, 'bench/results/packages.json'), `${JSON.stringify(document, null, 2)}\n`);
}
