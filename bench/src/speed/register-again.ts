/**
 * Registers a pair twice in one process, with the library that lies beside a command line, and prints what the second time
 * took: `register-again.js CLI REFERENCE SENSED`.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as raster from '@tiepoint/raster';
import type * as library from 'tiepoint';

const [cli, ...paths] = process.argv.slice(2);
const load = async (path: string): Promise<unknown> => await import(pathToFileURL(path).href);
const { register } = (await load(join(cli!, '../../dist/index.js'))) as typeof library;
const { openRaster } = (await load(createRequire(cli!).resolve('@tiepoint/raster'))) as typeof raster;

async function registerPair(): Promise<void> {
  const [reference, sensed] = await Promise.all([openRaster(paths[0]!), openRaster(paths[1]!)]);
  await register(reference, sensed);
  await Promise.all([reference.close(), sensed.close()]);
}

await registerPair();
const [started, used] = [performance.now(), process.cpuUsage()];
await registerPair();
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 }));
process.exit();
