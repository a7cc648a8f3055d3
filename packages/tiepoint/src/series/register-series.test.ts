import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  affine,
  createRandom,
  type MatrixTransform,
  resamplePlane,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { lookUpEpsg, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCommand } from '../cli/commands/register.js';
import { seriesDocument, summariseSeries } from '../cli/series-summary.js';
import type { CliSession } from '../cli/session.js';
import { blobScene } from '../cli/testing/blob-scene.js';
import { spawnCli } from '../cli/testing/spawn-cli.js';
import { parseRegistration, type Registration } from '../result/registration.js';
import { transformFromJson } from '../result/transform-json.js';
import { registerSeries } from './register-series.js';
import type { PairCheck, PairState } from './solve-network.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-series-'));
const at = (name: string): string => join(folder, name);
const out = at('out');
const side = 160;
const wide = 240;
/** Image px → px of the scene, of which the reference shows (30, 30) onwards. */
const crops: Readonly<Record<string, MatrixTransform>> = {
  'reference.tif': translation(30, 30),
  '2021.tif': affine(1.01, 0.01, 5, -0.01, 1, 24),
  '2022.tif': affine(1, -0.015, 56, 0.015, 1.005, 35),
  '2023.tif': affine(0.99, 0, 41, 0, 1, 60),
};
const names = Object.keys(crops);
const images = names.slice(1);

/** Writes a crop, georeferenced a little wrongly: as its corner lies, without its shape. */
async function writeCrop(name: string, scene: Float32Array, toScene: MatrixTransform): Promise<void> {
  const { data } = resamplePlane({ width: wide, height: wide, data: scene }, side, side, toScene, { kernel: 'cubic' });
  const [x, y] = transformPoint(toScene, 0, 0);
  await writeGeoTiff(at(name), {
    width: side,
    height: side,
    bands: [data],
    dataType: 'float32',
    georeference: {
      crs: await lookUpEpsg(32633),
      geotransform: [500_000 + 10 * Math.round(x), 10, 0, 4_000_000 - 10 * Math.round(y), 0, -10],
      origin: 'file',
    },
  });
}

beforeAll(async () => {
  const scene = blobScene(wide, wide, 31);
  const random = createRandom(7);
  for (const [name, toScene] of Object.entries(crops)) {
    await writeCrop(
      name,
      scene.map((v) => v + 4 * random.normal()),
      toScene,
    );
  }
  await writeGeoTiff(at('flat.tif'), {
    width: side,
    height: side,
    bands: [new Float32Array(side * side).fill(7)],
    dataType: 'float32',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface SeriesDocument {
  readonly verdict: string;
  readonly network: { readonly degreesOfFreedom: number; readonly varianceFactor: number };
  readonly pairs: readonly (Partial<PairCheck> & {
    readonly sensed: string;
    readonly reference: string;
    readonly state: PairState;
  })[];
  readonly images: readonly Registration[];
}

/** Distance of a place on the reference from the truth, and the same in what the document lets expect (1 on average). */
function errorOf(
  name: string,
  { network, ...document }: Registration,
): { readonly px: number; readonly normalised: number } {
  const transform = transformFromJson(document)!;
  let squares = 0;
  const places = [40, 80, 120].flatMap((x) => [40, 80, 120].map((y) => [x, y] as const));
  for (const [x, y] of places) {
    const [sceneX, sceneY] = transformPoint(crops[name]!, x, y);
    const [gotX, gotY] = transformPoint(transform, x, y);
    squares += ((gotX - (sceneX - 30)) ** 2 + (gotY - (sceneY - 30)) ** 2) / places.length;
  }
  return { px: Math.sqrt(squares), normalised: squares / (2 * network!.predictedSd ** 2) };
}

const state = join(out, 'tiepoint-series');
/** Files of the pairs that the series has measured. */
const keptPairs = (): readonly string[] =>
  existsSync(state) ? readdirSync(state).filter((name) => /^pair-.*\.json$/.test(name)) : [];
const series = ['register', '--series', ...names.map(at)];

describe('tiepoint register --series', () => {
  it('solves all pairs that overlap together, knows how well, and goes on where it ended', async () => {
    // Cut short after two pairs: those are not measured again.
    const cut = await spawnCli([...series, '--output-folder', out], { interruptWhen: () => keptPairs().length >= 2 });
    expect(cut.status, cut.stderr).toBe(130);
    expect(readdirSync(out)).toEqual(['tiepoint-series']);
    const kept = keptPairs().map((name) => [name, statSync(join(state, name)).mtimeMs] as const);
    const first = await spawnCli([...series, '--json', '--output-folder', out]);
    expect(first.status, first.stderr).toBe(0);
    const found = JSON.parse(first.stdout) as SeriesDocument;
    for (const [name, time] of kept) expect(statSync(join(state, name)).mtimeMs).toBe(time);
    expect(found.pairs.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'used'));
    expect(found.network.degreesOfFreedom).toBe(18);
    const errors = found.images.map((image, i) => errorOf(images[i]!, image));
    for (const { px, normalised } of errors) {
      expect(px).toBeLessThan(0.3);
      expect(normalised).toBeLessThan(9);
    }
    for (const { misclosure } of found.pairs) expect(misclosure).toBeLessThan(0.5);
    await using written = await openRaster(join(out, '2022-registered.tif'));
    expect([written.width, written.height]).toEqual([side, side]);

    // A pair that is wrong by 6 px as if it had been measured so, and an image that was lost: nothing else is measured again.
    const files = keptPairs();
    expect(files).toHaveLength(6);
    for (const name of files) {
      const pair = JSON.parse(readFileSync(join(state, name), 'utf8')) as {
        registration: { sensedToReference: number[][]; provenance: { inputs: { source: string }[] } };
        jointError: { reference: number[] };
      };
      const [fixed, moving] = pair.registration.provenance.inputs;
      if (!fixed!.source.endsWith('reference.tif') || !moving!.source.endsWith('2022.tif')) continue;
      pair.registration.sensedToReference[0]![2]! += 6;
      pair.jointError.reference = pair.jointError.reference.map((v, i) => (i % 2 === 0 ? v + 6 : v));
      writeFileSync(join(state, name), JSON.stringify(pair));
    }
    const again = await spawnCli([...series, '--json', '--output-folder', out]);
    expect(again.status, again.stderr).toBe(0);
    const mended = JSON.parse(again.stdout) as SeriesDocument;
    const leftOut = mended.pairs.filter((pair) => pair.state === 'left-out');
    expect(leftOut.map(({ sensed, reference }) => [sensed, reference])).toEqual([
      [at('2022.tif'), at('reference.tif')],
    ]);
    expect(leftOut[0]!.misclosure).toBeGreaterThan(5);
    const [, through] = mended.images;
    expect(through!.reasons.join()).toMatch(
      /pair of .*2022\.tif and .*reference\.tif was left out: it is [56]\.\d px off/,
    );
    expect(errorOf('2022.tif', through!).px).toBeLessThan(0.4);
    const solution = JSON.parse(readFileSync(join(out, '2022-solution.json'), 'utf8')) as Registration;
    expect(solution.sensedToReference).toEqual(through!.sensedToReference);
  });

  it('goes on where an image has nothing to be compared by, and says so', async () => {
    await using reference = await openRaster(at('reference.tif'));
    await using image = await openRaster(at('2021.tif'));
    await using flat = await openRaster(at('flat.tif'));
    const found = await registerSeries(reference, [image, flat], { method: 'grid' });
    expect(found.images.map(({ verdict }) => verdict)).toEqual(['accept', 'refuse']);
    expect(found.images[1]!.findings[0]).toMatchObject({ code: 'not-connected', values: { tried: 2 } });
    expect(found.images[1]!.sensedToReference).toBeNull();
    expect(found.images[1]!.warnings.join()).toMatch(/every valid pixel/);
    expect(parseRegistration(JSON.stringify(found.images[1]))).not.toBeNull();
    const paths = ['reference.tif', '2021.tif', 'flat.tif'];
    expect(seriesDocument(found, paths)).toMatchObject({ verdict: 'warn', network: { varianceFactor: null } });
    expect(summariseSeries(found, paths)).toMatch(/2021\.tif +accept, 1 pairs.*\n.*flat\.tif +refuse\n/);
  });

  it.each([
    [['--series', at('reference.tif'), at('2021.tif')]],
    [['--series', at('reference.tif'), at('2021.tif'), at('2022.tif'), '--report', at('r.html')]],
    [[at('reference.tif'), at('2021.tif'), at('out.tif'), at('2022.tif')]],
  ])('asks for two images and refuses options of one pair: %j', async (args) => {
    const session = { signal: new AbortController().signal } as CliSession;
    await expect(registerCommand(session).parseAsync(args, { from: 'user' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/series|more than one sensed image/),
    });
  });
});
