import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom, resamplePlane, translation } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, execute, startServer, type TestServer } from './testing/start-server.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-server-'));
const at = (name: string): string => join(folder, name);
const pair = { reference: 'reference.tif', sensed: 'below/sensed.tif' };
const quick = { ...pair, method: 'grid', model: 'affine' };
const later = { prefer: 'respond-async' };
/** Requests at once; more where there is more time. */
const crowd = Number(process.env['TIEPOINT_SERVER_JOBS'] ?? 4);
/** `npm run build` makes the page; compiling alone does not. */
const hasViewer = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)));
let server: TestServer;

async function writePair(): Promise<void> {
  const random = createRandom(3);
  const [side, size] = [128, 168];
  const data = new Float32Array(size * size).fill(90);
  for (let n = 0; n < 260; n++) {
    const [cx, cy, r] = [random.uniform() * size, random.uniform() * size, 2 + random.uniform() * 10];
    const value = random.normal() * 30;
    for (let y = Math.max(0, Math.floor(cy - r)); y < Math.min(size, cy + r); y++) {
      for (let x = Math.max(0, Math.floor(cx - r)); x < Math.min(size, cx + r); x++) data[y * size + x]! += value;
    }
  }
  for (const [name, x] of [
    ['reference.tif', 20],
    ['below/sensed.tif', 23],
  ] as const) {
    const { data: cut } = resamplePlane({ width: size, height: size, data }, side, side, translation(x, 20), {
      kernel: 'cubic',
    });
    await writeGeoTiff(at(`data/${name}`), { width: side, height: side, bands: [cut], dataType: 'float32' });
  }
}

/** Waits for a job to end. */
async function ended(url: string, id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await ask(`${url}/jobs/${id}`);
    if (!['accepted', 'running'].includes(body.status)) return body;
    await sleep(100);
  }
}

beforeAll(async () => {
  mkdirSync(at('data/below'), { recursive: true });
  mkdirSync(at('outside'));
  await writePair();
  writeFileSync(at('outside/secret.tif'), readFileSync(at('data/reference.tif')));
  writeFileSync(at('data/.hidden.tif'), readFileSync(at('data/reference.tif')));
  symlinkSync(at('outside/secret.tif'), at('data/link.tif'));
  symlinkSync(at('outside'), at('data/folder-link'));
  symlinkSync(at('data/reference.tif'), at('data/link-inside.tif'));
  server = await startServer([
    '--data',
    at('data'),
    '--output',
    at('out'),
    '--jobs',
    '2',
    '--upload-quota',
    '0.2',
    '--allow-host',
    'localhost',
  ]);
});
afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  rmSync(folder, { recursive: true });
});

describe('OGC API - Processes', () => {
  it('has the landing page, conformance and OpenAPI document of its classes', async () => {
    const { body: landing } = await ask(`${server.url}/`);
    const links = landing['links'] as unknown as { rel: string; href: string }[];
    const relations = ['self', 'service-desc', 'service-doc', 'conformance', 'processes', 'job-list'];
    for (const relation of relations) {
      const found = links.find(({ rel }) => rel === relation || rel.endsWith(`/${relation}`));
      expect((await fetch(`${server.url}${found!.href}`)).status, relation).toBe(200);
    }
    const { body: conformance } = await ask(`${server.url}/conformance`);
    expect(conformance['conformsTo']).toContain('http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core');
    const { body: api } = await ask(`${server.url}/api`);
    expect(api.openapi).toMatch(/^3\.0\./);
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining([
        '/',
        '/conformance',
        '/processes',
        '/processes/{processID}/execution',
        '/jobs/{jobID}/results',
      ]),
    );
    const page = await fetch(`${server.url}/`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<h1>tiepoint</h1>');
  });

  it('describes each process by the options of its command', async () => {
    const { body: list } = await ask(`${server.url}/processes`);
    const ids = (list['processes'] as unknown as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['register', 'match', 'warp', 'assess']);
    for (const id of ids) {
      const { body } = await ask(`${server.url}/processes/${id}`);
      expect(body['id']).toBe(id);
      expect(Object.keys(body.inputs)).toEqual(expect.arrayContaining(['reference', 'sensed']));
    }
    const { body: register } = await ask(`${server.url}/processes/register`);
    const inputs = register['inputs'] as unknown as Record<
      string,
      { minOccurs?: number; schema: Record<string, unknown> }
    >;
    expect(inputs['model']!.schema['enum']).toEqual(expect.arrayContaining(['affine', 'auto']));
    expect(inputs['model']!.minOccurs).toBe(0);
    expect(inputs['georeference']!.schema).toMatchObject({ type: 'boolean' });
    expect(inputs).not.toHaveProperty('solution');
    expect(inputs).not.toHaveProperty('weights');
    expect((await ask(`${server.url}/processes/nonsense`)).body['type']).toMatch(/no-such-process$/);
  });

  it('runs a job at once or later, and hands out results without paths of the machine', async () => {
    const now = await execute(server.url, 'register', quick);
    expect(now.status).toBe(200);
    const asked = await execute(server.url, 'register', quick, later);
    expect(asked.status).toBe(201);
    const id = asked.body.jobID;
    expect(asked.headers.get('location')).toBe(`/jobs/${id}`);
    expect(asked.headers.get('preference-applied')).toBe('respond-async');
    expect(asked.body).toMatchObject({ processID: 'register', type: 'process' });
    expect(await ended(server.url, id)).toMatchObject({ status: 'successful', progress: 100 });
    const { body: results } = await ask(`${server.url}/jobs/${id}/results`);
    const { value } = results['registration'] as unknown as {
      value: { verdict: string; sensedToReference: number[][] };
    };
    expect(value.verdict).toBe('accept');
    expect(Math.abs(value.sensedToReference[0]![2]! - 3)).toBeLessThan(0.3);
    const image = await fetch(`${server.url}${results.image.href}`);
    await using raster = await openRaster(new Uint8Array(await image.arrayBuffer()));
    expect([raster.width, raster.height]).toEqual([128, 128]);
    const report = await (await fetch(`${server.url}${results.report.href}`)).text();
    for (const text of [JSON.stringify(results), JSON.stringify(now.body), report]) expect(text).not.toContain(folder);

    const warped = await execute(server.url, 'warp', { ...pair, solution: id, resampling: 'cubic' });
    expect(Object.keys(warped.body)).toEqual(['image']);
    const matched = await execute(server.url, 'match', { ...quick, 'search-radius': 20 });
    expect(Object.keys(matched.body)).toEqual(['match', 'points']);
    const { body: list } = await ask(`${server.url}/jobs`);
    expect((list['jobs'] as unknown as { jobID: string }[]).map(({ jobID }) => jobID)).toContain(id);
    expect((await ask(`${server.url}/jobs/${id}`, { method: 'DELETE' })).body['status']).toBe('dismissed');
    expect((await ask(`${server.url}/jobs/${id}`)).status).toBe(404);
    expect((await ask(`${server.url}/jobs/${id}/results`)).body['type']).toMatch(/no-such-job$/);
  });

  it('dismisses a job that runs or waits, and says what failed', async () => {
    const jobs = await Promise.all([1, 2, 3].map(() => execute(server.url, 'register', quick, later)));
    for (const { body } of jobs) {
      const answer = await ask(`${server.url}/jobs/${body.jobID}`, { method: 'DELETE' });
      expect(answer.body['status']).toBe('dismissed');
    }
    const { body } = await ask(`${server.url}/health`);
    expect(body).toMatchObject({ status: 'ok', open: 0 });
    const unread = await execute(server.url, 'register', { ...quick, sensed: 'http://localhost:1/x.tif' }, later);
    expect(await ended(server.url, unread.body.jobID)).toMatchObject({ status: 'failed' });
  });

  it.skipIf(!existsSync('/usr/lib/python3/dist-packages/owslib'))('is understood by OWSLib', () => {
    const script = `from owslib.ogcapi.processes import Processes
p = Processes('${server.url}/')
print([x['id'] for x in p.processes()['processes']], p.process('register')['version'], len(p.conformance()['conformsTo']))`;
    const said = execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' });
    expect(said.trim()).toBe("['register', 'match', 'warp', 'assess'] 1.0.0 7");
  });

  it.skipIf(!existsSync('/usr/bin/chromium'))(
    'has a page to try it, and the viewer, that need no other host',
    async () => {
      await using browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
      const page = await browser.newPage();
      const elsewhere: string[] = [];
      page.on('request', (asked) => {
        if (!asked.url().startsWith(server.url) && !asked.url().startsWith('data:')) elsewhere.push(asked.url());
      });
      await page.goto(`${server.url}/docs`);
      await page.getByText('/processes/{processID}/execution').waitFor();
      const { body: landing } = await ask(`${server.url}/`);
      const links = (landing['links'] as { href: string }[]).map(({ href }) => href);
      expect(links.includes('/viewer/')).toBe(hasViewer);
      await page.goto(`${server.url}/`);
      expect(await page.getByRole('link', { name: 'Viewer' }).count()).toBe(hasViewer ? 1 : 0);
      if (hasViewer) {
        await page.getByRole('link', { name: 'Viewer' }).click();
        await page.locator('.slot').first().waitFor();
        expect(await page.evaluate('crossOriginIsolated')).toBe(true);
        for (const path of ['/viewer/../api', '/viewer/..%2f..%2fpackage.json', '/viewer/nothing.js']) {
          const { status } = await fetch(`${server.url}${path}`);
          expect(status, path).toBe(path === '/viewer/../api' ? 200 : 404);
        }
      }
      expect(elsewhere).toEqual([]);
    },
  );
});

describe('what must not work', () => {
  const paths = [
    '../outside/secret.tif',
    'below/../../outside/secret.tif',
    '/etc/passwd',
    at('outside/secret.tif'),
    at('data/reference.tif'),
    'link.tif',
    'link-inside.tif',
    'folder-link/secret.tif',
    '.hidden.tif',
    './reference.tif',
    'below',
    '',
    'below/\u0000sensed.tif',
    '..\\outside\\secret.tif',
    'C:\\secret.tif',
    '%2e%2e/outside/secret.tif',
    'file:///etc/passwd',
    'upload:../jobs/x/job.json',
    'upload:job.json',
    'ftp://localhost/x.tif',
    'http://example.org/x.tif',
    'http://localhost.example.org/x.tif',
    'http://localhost@example.org/x.tif',
    'http://user:secret@localhost/x.tif',
    'http://127.0.0.1/x.tif',
    'http://2130706433/x.tif',
    'http://[::1]/x.tif',
    'http://169.254.169.254/latest/meta-data',
  ];

  it('is refused before there is a job: paths and addresses that lead elsewhere', async () => {
    const before = readdirSync(at('out/jobs')).length;
    for (const reference of paths) {
      const { status, body } = await execute(server.url, 'match', { ...pair, reference });
      expect(status, reference).toBe(400);
      expect(JSON.stringify(body), reference).not.toContain(`${folder}/out`);
    }
    expect(readdirSync(at('out/jobs')).length).toBe(before);
    for (const inputs of [
      {},
      { ...pair, model: 'cubist' },
      { ...pair, output: 'x.tif' },
      { ...pair, solution: 'x' },
      { ...pair, weights: '/x' },
    ]) {
      expect((await execute(server.url, 'register', inputs)).status, JSON.stringify(inputs)).toBe(400);
    }
    for (const path of ['/jobs/../../job.json', '/jobs/x/results/..%2fjob.json', '/docs/..%2f..%2fpackage.json']) {
      expect((await fetch(`${server.url}${path}`)).status, path).toBe(404);
    }
  });

  it('is a name that is allowed and leads to this machine', async () => {
    const answer = await execute(server.url, 'match', {
      ...pair,
      reference: `http://localhost:${new URL(server.url).port}/x.tif`,
    });
    expect(answer.status).toBe(500);
    expect(answer.body.detail).toMatch(/not public/);
  });

  it('is a request by another name, or of a page of another site', async () => {
    const { port } = new URL(server.url);
    const status = await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/jobs', headers: { host: 'evil.example.org' } }, (answer) =>
        resolve(answer.statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
    expect((await fetch(`${server.url}/jobs`, { headers: { origin: 'http://evil.example.org' } })).status).toBe(403);
    const plain = await fetch(`${server.url}/processes/match/execution`, {
      method: 'POST',
      body: JSON.stringify({ inputs: pair }),
    });
    expect(plain.status).toBe(415);
  });

  it('is too much: bodies, uploads beyond the quota, broken and slow clients', async () => {
    // The server hangs up on who goes on sending; whether the answer is seen before that is the client's luck.
    const { port } = new URL(server.url);
    const flood = new Promise((resolve) => {
      const headers = { 'content-type': 'application/json' };
      const path = '/processes/match/execution';
      // On a connection of its own, which no later request is given.
      request({ port, host: '127.0.0.1', method: 'POST', path, headers, agent: false }, (answer) =>
        resolve(answer.statusCode),
      )
        .on('error', () => resolve('hung up'))
        .end(JSON.stringify({ inputs: { ...pair, model: 'x'.repeat(2_000_000) } }));
    });
    expect([413, 'hung up']).toContain(await flood);
    const form = (bytes: Uint8Array, name: string): FormData => {
      const made = new FormData();
      made.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
      return made;
    };
    const small = readFileSync(at('data/reference.tif'));
    const kept = await ask(`${server.url}/uploads`, { method: 'POST', body: form(small, '../../x.tif') });
    expect(kept.status).toBe(201);
    expect((await execute(server.url, 'match', { ...quick, reference: kept.body['href'] })).status).toBe(200);
    const large = await ask(`${server.url}/uploads`, { method: 'POST', body: form(new Uint8Array(300_000), 'y.tif') });
    expect(large.status).toBe(413);
    expect((await ask(`${server.url}/uploads`, { method: 'POST', body: form(small, 'x.sh') })).status).toBe(400);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /uploads HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999\r\n\r\n--x\r\n',
    );
    await sleep(200);
    socket.destroy();
    await sleep(200);
    expect(readdirSync(at('out/uploads')).length).toBe(1);
    expect((await ask(`${server.url}/health`)).status).toBe(200);
  });

  it('is listening for others without a token, and asking without it', async () => {
    await expect(startServer(['--host', '0.0.0.0', '--output', at('open')])).rejects.toThrow(
      /ended with 2: .*needs a token/s,
    );
    writeFileSync(at('token'), 'a-token-of-some-length\n');
    const guarded = await startServer(['--host', '0.0.0.0', '--output', at('guarded'), '--token-file', at('token')]);
    try {
      const url = `http://127.0.0.1:${new URL(guarded.url).port}`;
      for (const path of ['/', '/jobs', '/api', '/docs', '/health'])
        expect((await fetch(`${url}${path}`)).status, path).toBe(401);
      const wrong = { authorization: 'Bearer a-token-of-some-lengtH' };
      expect((await fetch(`${url}/jobs`, { headers: wrong })).status).toBe(401);
      expect((await fetch(`${url}/jobs`, { headers: { authorization: 'Bearer a-token-of-some-length' } })).status).toBe(
        200,
      );
    } finally {
      guarded.child.kill('SIGTERM');
      expect(await guarded.ended).toBe(143);
    }
  });
});

/** Asks a server every quarter of a second how it is, and looks what it holds. */
function watch({ url, child }: TestServer): {
  readonly stop: () => Promise<void>;
  /** The longest answer, ms. */
  readonly slowest: () => number;
  /** The most memory, MB; 0 where the system does not tell. */
  readonly most: () => number;
} {
  const ending = new AbortController();
  let [slowest, most] = [0, 0];
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const begin = performance.now();
      const answer = await ask(`${url}/health`).catch(() => null);
      if (answer === null) return;
      expect(answer.body).toMatchObject({ status: 'ok' });
      slowest = Math.max(slowest, performance.now() - begin);
      const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
      most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      await sleep(250);
    }
  };
  const ended = loop();
  const stop = (): Promise<void> => {
    ending.abort();
    return ended;
  };
  return { stop, slowest: () => slowest, most: () => most };
}

describe('many at once', () => {
  it(
    'loses no job, though it is killed in the middle, and answers meanwhile',
    async () => {
      const args = ['--data', at('data'), '--output', at('crowd'), '--jobs', '2', '--max-jobs', String(crowd)];
      const first = await startServer(args);
      const asked = await Promise.all(Array.from({ length: crowd }, () => execute(first.url, 'match', quick, later)));
      expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 201));
      const watched = watch(first);
      await ended(first.url, asked[0]!.body.jobID);
      first.child.kill('SIGKILL');
      await first.ended;
      await watched.stop();
      const second = await startServer(args);
      const seen = watch(second);
      try {
        for (const { body } of asked) {
          expect(await ended(second.url, body.jobID)).toMatchObject({ status: 'successful' });
        }
      } finally {
        await seen.stop();
        const [slowest, most] = [Math.max(watched.slowest(), seen.slowest()), Math.max(watched.most(), seen.most())];
        process.stderr.write(`${crowd} jobs: health within ${slowest.toFixed(0)} ms, ${most.toFixed(0)} MB\n`);
        // A second on a machine that has time; this one may run other tests.
        expect(slowest).toBeLessThan(5000);
        expect(most).toBeLessThan(400);
        second.child.kill('SIGINT');
        expect(await second.ended).toBe(130);
      }
    },
    400_000 + 8000 * crowd,
  );
});
