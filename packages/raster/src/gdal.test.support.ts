import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const python = '/usr/bin/python3';
const gdalinfo = 'gdalinfo';

/** True where GDAL's programs and Python bindings are installed; tests against them are skipped elsewhere, with a note. */
export const hasGdal =
  spawnSync(python, ['-c', 'from osgeo import gdal; import numpy']).status === 0 &&
  spawnSync(gdalinfo, ['--version']).status === 0;

if (!hasGdal) process.stderr.write('note: GDAL is not installed; the tests against it are skipped\n');

/** Runs a script of the `oracle` folder; returns what it prints. */
export function runOracle(script: string, ...args: string[]): string {
  const path = fileURLToPath(new URL(`../oracle/${script}`, import.meta.url));
  return execFileSync(python, [path, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs Python code with GDAL; returns what it prints. */
export function runPython(code: string, ...args: string[]): string {
  return execFileSync(python, ['-c', code, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs one of GDAL's or PROJ's programs; returns what it prints. */
export function runProgram(program: string, args: string[], input?: string): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
}
