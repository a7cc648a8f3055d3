import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { similarity, transformPoint } from '@tiepoint/geometry';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transformToJson } from '../result/transform-json.js';
import { cliPath, spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-cli-'));
const solution = join(folder, 'solution.json');
const truth = similarity(1.1, 0.2, 30, -12);

beforeAll(async () => {
  writeFileSync(
    solution,
    JSON.stringify({ version: 1, verdict: 'warn', reasons: ['Few points.'], ...transformToJson(truth) }),
  );
  await writeGeoTiff(join(folder, 'image.tif'), {
    width: 20,
    height: 10,
    bands: [new Uint16Array(200)],
    dataType: 'uint16',
    nodata: 7,
    georeference: {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [500000, 10, 0, 4600000, 0, -10],
      origin: 'file',
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line', () => {
  it('starts by its own file name', () => {
    expect(readFileSync(cliPath, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('shows help without loading what reads images and matches them', () => {
    const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const log = `import { writeSync } from 'node:fs';
      export const load = (url, context, next) => { writeSync(2, url + '\\n'); return next(url, context); };`;
    const hook = `import { register } from 'node:module'; register(${JSON.stringify(url(log))});`;
    const { stderr } = spawnSync(process.execPath, ['--import', url(hook), cliPath, '--help'], { encoding: 'utf8' });
    expect(stderr).toContain('/tiepoint/dist/bundle/main.js');
    expect(stderr).not.toMatch(/\/(raster|matching|onnx-grad)\/dist\/|\/sharp\//);
  });

  it('shows help and version on standard output', async () => {
    const help = await spawnCli(['--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('Exit status:');
    expect(help.stderr).toBe('');
    const version = await spawnCli(['--version']);
    expect(version.status).toBe(0);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const command of ['transform', 'info']) {
      const { status, stdout } = await spawnCli([command, '--help']);
      expect(status).toBe(0);
      expect(stdout).toContain('Examples:');
    }
  });

  it.each([[['register']], [['warp']], [['train', 'detector']]])(
    'fills the lines of the help of %j',
    async (command) => {
      const { stdout } = await spawnCli([...command, '--help']);
      const lines = stdout.split('\n\n')[1]!.split('\n');
      expect(lines.length).toBeGreaterThan(1);
      for (const [i, line] of lines.entries()) {
        expect(line.length).toBeLessThanOrEqual(110);
        const next = lines[i + 1]?.split(' ')[0];
        if (next !== undefined) expect(`${line} ${next}`.length).toBeGreaterThan(110);
      }
    },
  );

  it.each([[['frobnicate']], [['transform']], [['info']], [['info', '--nonsense', 'x']]])(
    'ends with 2 for %j',
    async (args) => {
      const run = await spawnCli(args);
      expect(run.status).toBe(2);
      expect(run.stdout).toBe('');
      expect(run.stderr).toMatch(/error:|\[usage\]/);
    },
  );
});

describe('tiepoint transform', () => {
  it('maps lines of points and passes on what follows', async () => {
    const run = await spawnCli(['transform', '--solution', solution], { input: '# header\n10 20 name\n\n3.5,4.25\n' });
    const lines = [
      [10, 20, ' name'],
      [3.5, 4.25, ''],
    ] as const;
    const expected = lines.map(([x, y, rest]) => {
      const [X, Y] = transformPoint(truth, x, y);
      return `${X.toFixed(4)} ${Y.toFixed(4)}${rest}\n`;
    });
    expect(run).toMatchObject({ status: 0, stdout: expected.join(''), stderr: '' });
  });

  it('inverts, and writes one JSON document', async () => {
    const [X, Y] = transformPoint(truth, 10, 20);
    const run = await spawnCli(['transform', '--solution', solution, '--inverse', '--json'], { input: `${X} ${Y}\n` });
    const { points } = JSON.parse(run.stdout) as { points: [number, number][] };
    expect(points).toHaveLength(1);
    expect(points[0]![0]).toBeCloseTo(10, 9);
    expect(points[0]![1]).toBeCloseTo(20, 9);
  });

  it('names the line that holds no point, with status 3', async () => {
    const run = await spawnCli(['transform', '--solution', solution], { input: '1 2\nthree four\n' });
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('Line 2');
    expect(run.stderr).not.toContain('    at ');
  });

  it('refuses a refused solution with status 4', async () => {
    const refused = join(folder, 'refused.json');
    writeFileSync(
      refused,
      '{"version":1,"verdict":"refuse","reasons":["Chance."],"model":"affine","sensedToReference":null}',
    );
    const run = await spawnCli(['transform', '--solution', refused], { input: '1 2\n' });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain('Chance.');
  });

  it.each([
    ['missing.json', null],
    ['broken.json', '{"version":'],
    ['empty.json', ''],
  ])('ends with 3 for %s, as JSON too', async (name, text) => {
    const path = join(folder, name);
    if (text !== null) writeFileSync(path, text);
    const run = await spawnCli(['transform', '--solution', path, '--json'], { input: '1 2\n' });
    expect(run.status).toBe(3);
    const { error } = JSON.parse(run.stdout) as { error: { code: string; exitCode: number } };
    expect(error.exitCode).toBe(3);
    expect(run.stderr).toContain(`[${error.code}]`);
  });
});

describe('tiepoint info', () => {
  it('describes an image for people and for programs', async () => {
    const path = join(folder, 'image.tif');
    const text = await spawnCli(['info', path]);
    expect(text.status).toBe(0);
    expect(text.stdout).toContain('20 × 10 px');
    expect(text.stdout).toContain('nodata 7');
    const run = await spawnCli(['info', path, '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      kind: 'image',
      width: 20,
      height: 10,
      georeference: {
        code: 'EPSG:32633',
        corners: [
          [500000, 4600000],
          [500200, 4600000],
          [500200, 4599900],
          [500000, 4599900],
        ],
      },
    });
  });

  it('describes a solution', async () => {
    const run = await spawnCli(['info', solution]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('similarity');
    expect(run.stdout).toContain('Few points.');
  });

  it('ends with 3 for what is no image', async () => {
    const path = join(folder, 'text.tif');
    writeFileSync(path, 'not an image');
    const run = await spawnCli(['info', path]);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('[unsupported-format]');
  });
});
