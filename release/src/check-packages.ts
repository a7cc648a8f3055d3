import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundlePage, runPage } from './bundled-page.js';
import { publintProblems, typesProblems } from './entry-problems.js';
import { type Installation, installTarballs, runIn } from './installation.js';
import { megabytes } from './installed-size.js';
import { saveSizes, type SizeRow, sizeRows } from './saved-sizes.js';
import { fileProblems, manifestProblems } from './manifest-problems.js';
import { installNodes, useWithNodes } from './other-nodes.js';
import { check, expectNone, type Outcome, saveOutcome } from './outcome.js';
import { packAll, type PackedPackage, readManifest } from './packed-packages.js';

// Packs every package, looks at what would be published, installs it into empty folders as users do, and uses it there.

const root = fileURLToPath(new URL('../..', import.meta.url));
const trial = join(root, 'release/trial');
const outcome: Outcome = { passed: 0, failed: 0 };
const sizes: SizeRow[] = [];

/** What is to be published, looked at without installing it. */
async function checkTarballs(packed: readonly PackedPackage[]): Promise<void> {
  const rootManifest = readManifest(root);
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8');
  for (const one of packed) {
    await check(
      outcome,
      `${one.name}: ${megabytes(one.packedBytes)} MB packed, ${one.files.length} files`,
      async () => {
        const own = readFileSync(join(root, one.folder, 'LICENSE'), 'utf8');
        expectNone([
          ...manifestProblems(one, rootManifest),
          ...fileProblems(one),
          ...(own === licence ? [] : ['LICENSE is not the text of the root']),
          ...(await publintProblems(one)),
          // The viewer is a page: nothing imports it.
          ...(one.name === '@tiepoint/viewer' ? [] : await typesProblems(one)),
        ]);
      },
    );
  }
}

/** What the largest packages take, and all together. */
function sizesOf({ packages }: Installation): string {
  const total = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = packages.slice(0, 6).map(({ name, bytes }) => `${name} ${megabytes(bytes)}`);
  return `${megabytes(total)} MB in ${packages.length} packages: ${largest.join(', ')}`;
}

const commandIn = (folder: string): string => join(folder, 'node_modules/.bin/tiepoint');

/** The library as installed, and that the command line is there. */
async function useInstalled({ folder, native }: Installation, how: string): Promise<void> {
  await check(outcome, `${how}: the library registers, warps and reports`, async () => {
    const { stdout } = await runIn(folder, process.execPath, ['library.js']);
    const said = JSON.parse(stdout) as { verdict: string; warnings: readonly string[]; error: number };
    expectNone([
      ...(said.verdict === 'accept' ? [] : [`verdict ${said.verdict}`]),
      ...(said.error < 0.5 ? [] : [`${said.error} px from the truth`]),
      // Without its native engine it must say so; with it there is nothing to say of engines.
      ...(said.warnings.some((warning) => warning.includes('wasm')) === native ? [said.warnings.join('; ')] : []),
    ]);
  });
  await check(outcome, `${how}: the command line says its version, and reads what the library wrote`, async () => {
    const { stdout } = await runIn(folder, commandIn(folder), ['--version']);
    if (stdout.trim() !== readManifest(join(root, 'packages/tiepoint')).version) throw new Error(stdout);
    const info = await runIn(folder, commandIn(folder), ['info', 'library.tif']);
    if (!info.stdout.includes('192')) throw new Error(info.stdout);
  });
}

/** The command line as installed: it registers, and each package that it loads by name answers. */
async function useCommands({ folder }: Installation): Promise<void> {
  const command = commandIn(folder);
  await check(outcome, 'the command line registers and writes what is asked for', async () => {
    const outputs = ['out.tif', '--solution', 'solution.json', '--points', 'points.geojson'];
    await runIn(folder, command, ['register', 'reference.tif', 'sensed.tif', ...outputs]);
    for (const name of ['out.tif', 'solution.json', 'points.geojson']) statSync(join(folder, name));
  });
  await check(outcome, 'a command of each further package answers, and bad input has its status', async () => {
    writeFileSync(join(folder, 'pairs.csv'), 'reference,sensed\nreference.tif,sensed.tif\n');
    await runIn(folder, command, ['batch', 'pairs.csv', '--output-folder', 'registered', '--jobs', '1']);
    for (const name of ['serve', 'view', 'train', 'worker']) await runIn(folder, command, [name, '--help']);
    await runIn(folder, command, ['register', 'reference.tif', 'absent.tif'], 3);
  });
}

/** What only one installation needs to show: types for the compiler, and a bundle that runs. */
async function useSources(installation: Installation): Promise<void> {
  const { folder } = installation;
  await check(outcome, "the types hold in a user's strict project", async () => {
    const compiler = join(root, 'node_modules/.bin/tsc');
    const strict = ['--strict', '--noEmit', '--target', 'es2023', '--lib', 'es2023,dom,esnext.disposable'];
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const options = [...strict, '--module', module, '--moduleResolution', resolution];
      await runIn(folder, compiler, [...options, 'consumer.ts']);
    }
  });
  await check(outcome, 'a bundler makes a page of it, which registers in Chromium', async () => {
    const { scripts, engine } = await bundlePage(folder);
    process.stdout.write(`        ${megabytes(scripts)} MB of scripts, ${megabytes(engine)} MB of WebAssembly\n`);
    const registered = await runPage(folder);
    if (registered === null) process.stdout.write('        Chromium is not installed: the page was built, not run\n');
    else if (registered.verdict !== 'accept') throw new Error(JSON.stringify(registered));
  });
}

/** Installs the packages, uses them, and gives what was installed. */
async function installAndUse(
  folder: string,
  packed: readonly PackedPackage[],
  scripts: boolean,
): Promise<Installation | undefined> {
  const how = `install scripts ${scripts ? 'on' : 'off'}`;
  const into = join(folder, scripts ? 'on' : 'off');
  const installed: Installation[] = [];
  await check(outcome, `${how}: npm install of the tarballs into an empty folder`, async () => {
    const installation = await installTarballs(into, packed, trial, scripts);
    installed.push(installation);
    sizes.push(...sizeRows(installation, scripts));
    const engine = installation.native ? 'native' : 'WebAssembly';
    process.stdout.write(`        ${sizesOf(installation)}; engine: ${engine}\n`);
  });
  for (const installation of installed) {
    await useInstalled(installation, how);
    if (scripts) continue;
    await useCommands(installation);
    await useSources(installation);
  }
  return installed[0];
}

const { values } = parseArgs({
  options: { report: { type: 'string' }, keep: { type: 'boolean' }, save: { type: 'boolean' } },
});
const folder = mkdtempSync(join(tmpdir(), 'tiepoint-packages-'));
try {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const packed = packAll(root, tarballs);
  process.stdout.write(`packed ${packed.length} packages\n`);
  await checkTarballs(packed);
  // All at once: npm mostly waits for the disk and the registry.
  const nodes = installNodes(folder);
  const [, plain] = await Promise.all([true, false].map((scripts) => installAndUse(folder, packed, scripts)));
  if (plain !== undefined) await useWithNodes(plain, await nodes, outcome);
} finally {
  if (values.keep === true) process.stdout.write(`kept in ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}
if (values.save === true) saveSizes(root, sizes);
process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
if (values.report !== undefined) saveOutcome(outcome, values.report);
process.exitCode = outcome.failed === 0 ? 0 : 1;
