import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';
import { openRaster } from '../formats/open-raster.js';
import { gdalName } from './gdal-name.js';
import { fromVirtualName } from './virtual-name.js';

const folder = mkdtempSync(join(tmpdir(), 'stores-'));
let server: Server;
let host: string;
let bytes: Buffer;
let asked: { readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
/** The region whose signatures are taken; null takes what is not signed. */
let region: string | null = null;

const keys = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** AWS Signature V4, worked out anew as its documentation says. */
function signatureIsRight({ url = '', method = 'GET', headers }: IncomingMessage, wanted: string): boolean {
  const found = /Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    headers.authorization ?? '',
  );
  if (!found) return false;
  const [, id, day, place, names, signature] = found;
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  const [path, query = ''] = url.split('?');
  const listed = names!.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, query, listed.join(''), names, headers['x-amz-content-sha256']].join('\n');
  const scope = `${day}/${place}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n');
  const key = [place!, 's3', 'aws4_request'].reduce((k, part) => hmac(k, part), hmac(`AWS4${keys.secret}`, day!));
  return id === keys.id && place === wanted && hmac(key, text).toString('hex') === signature;
}

beforeAll(async () => {
  const data = Uint8Array.from({ length: 64 * 48 }, (_, i) => (i * 7) % 251);
  await writeGeoTiff(join(folder, 'a.tif'), { width: 64, height: 48, dataType: 'uint8', bands: [data] });
  bytes = readFileSync(join(folder, 'a.tif'));
  server = createServer((request, response) => {
    asked.push({ url: request.url!, headers: request.headers });
    if (region !== null && !signatureIsRight(request, region)) {
      response.writeHead(400, { 'x-amz-bucket-region': region }).end();
      return;
    }
    const [first, last] = /bytes=(\d+)-(\d+)/
      .exec(request.headers.range ?? '')!
      .slice(1)
      .map(Number) as [number, number];
    const end = Math.min(last, bytes.length - 1);
    const what = request.url!.endsWith('.vrt') ? Buffer.from(vrt) : bytes;
    response.writeHead(206, { 'content-range': `bytes ${first}-${Math.min(end, what.length - 1)}/${what.length}` });
    response.end(what.subarray(first, end + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const vrt =
  '<VRTDataset rasterXSize="64" rasterYSize="48"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>' +
  '<SourceFilename relativeToVRT="1">sub/b c.tif</SourceFilename><SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="64" ySize="48"/>' +
  '<DstRect xOff="0" yOff="0" xSize="64" ySize="48"/></SimpleSource></VRTRasterBand></VRTDataset>';

const before = { ...process.env };
beforeEach(() => {
  asked = [];
  region = null;
});
afterEach(() => {
  process.env = { ...before };
});
function set(variables: Readonly<Record<string, string>>): void {
  // No profiles of whoever runs the tests.
  const none = join(folder, 'no-such-file');
  process.env = { ...before, AWS_SHARED_CREDENTIALS_FILE: none, AWS_CONFIG_FILE: none, ...variables };
}

/** Opens what is named, reads it, and gives what the first request was. */
async function read(name: string): Promise<(typeof asked)[number]> {
  await using file = await openRaster(name);
  const { data } = await file.readWindow({ window: { x: 3, y: 2, width: 1, height: 1 } });
  expect(data[0]![0]).toBe(((2 * 64 + 3) * 7) % 251);
  expect(JSON.stringify([file.name, file.warnings, file.metadata])).not.toMatch(/SECRET|EXAMPLEKEY/);
  return asked[0]!;
}

describe('object stores', () => {
  test('s3:// of one who has no keys is asked for as it is', async () => {
    set({ AWS_S3_ENDPOINT: `http://${host}` });
    const { url, headers } = await read('s3://bucket/folder/a b+c.tif');
    expect(url).toBe('/bucket/folder/a%20b%2Bc.tif');
    expect(headers.authorization).toBeUndefined();
  });

  test('s3:// is signed, for the region that the store names', async () => {
    region = 'eu-central-1';
    const all = { AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret, AWS_SESSION_TOKEN: 'SECRET-TOKEN' };
    set({ ...all, AWS_S3_ENDPOINT: host, AWS_HTTPS: 'NO', AWS_REGION: region, AWS_REQUEST_PAYER: 'requester' });
    const { headers } = await read('/vsis3/bucket/folder/a b+c.tif');
    expect(headers['x-amz-security-token']).toBe('SECRET-TOKEN');
    expect(headers['x-amz-request-payer']).toBe('requester');
    asked = [];
    set({ ...all, AWS_S3_ENDPOINT: host, AWS_HTTPS: 'NO', AWS_DEFAULT_REGION: 'us-west-2' });
    await read('s3://bucket/a.tif');
    // Once wrong, then right for good.
    const regions = asked.map((one) => /\/([^/]+)\/s3\//.exec(one.headers.authorization!)![1]);
    expect(regions).toEqual(['us-west-2', ...Array.from({ length: regions.length - 1 }, () => 'eu-central-1')]);
    set({ ...all, AWS_S3_ENDPOINT: host, AWS_HTTPS: 'NO', AWS_NO_SIGN_REQUEST: 'YES' });
    await expect(openRaster('s3://bucket/a.tif')).rejects.toMatchObject({ code: 'url-unreadable' });
    expect(asked.at(-1)!.headers.authorization).toBeUndefined();
  });

  test('without an endpoint the bucket is a host of Amazon’s, of its region', async () => {
    const urls: string[] = [];
    const http = {
      fetch: (url: string | URL | Request) => {
        urls.push(url instanceof Request ? url.url : String(url));
        return Promise.resolve(new Response(null, { status: 404 }));
      },
    };
    for (const [name, variables] of [
      ['s3://bucket/a.tif', {}],
      ['s3://bucket/a.tif', { AWS_REGION: 'eu-west-1' }],
      ['s3://with.dots/a.tif', {}],
      ['s3://bucket/a.tif', { AWS_VIRTUAL_HOSTING: 'FALSE' }],
      ['gs://bucket/a.tif', {}],
      ['az://container/a.tif', { AZURE_STORAGE_ACCOUNT: 'account' }],
    ] as const) {
      set(variables);
      await expect(openRaster(name, { http })).rejects.toMatchObject({
        code: 'file-not-found',
        message: expect.stringContaining(name),
      });
    }
    expect(urls).toEqual([
      'https://bucket.s3.amazonaws.com/a.tif',
      'https://bucket.s3.eu-west-1.amazonaws.com/a.tif',
      'https://s3.amazonaws.com/with.dots/a.tif',
      'https://s3.amazonaws.com/bucket/a.tif',
      'https://storage.googleapis.com/bucket/a.tif',
      'https://account.blob.core.windows.net/container/a.tif',
    ]);
  });

  test('gs:// is signed by HMAC keys', async () => {
    region = 'auto';
    set({ CPL_GS_ENDPOINT: `http://${host}`, GS_ACCESS_KEY_ID: keys.id, GS_SECRET_ACCESS_KEY: keys.secret });
    expect((await read('gs://bucket/a.tif')).url).toBe('/bucket/a.tif');
  });

  test('s3:// takes keys and region of a profile', async () => {
    region = 'eu-north-1';
    const [secrets, settings] = [join(folder, 'credentials'), join(folder, 'config')];
    const other = '[other]\naws_access_key_id = NOT-THIS\naws_secret_access_key = SECRET\n';
    const own = `[mine]\n# keys\naws_access_key_id=${keys.id}\r\naws_secret_access_key = ${keys.secret}\n`;
    writeFileSync(secrets, `${other}\n${own}`);
    writeFileSync(
      settings,
      '[profile mine]\nregion = eu-north-1\ns3 =\n  region = nowhere\n[profile sso]\nsso_session = x\n',
    );
    const files = { AWS_SHARED_CREDENTIALS_FILE: secrets, AWS_CONFIG_FILE: settings };
    set({ ...files, AWS_PROFILE: 'mine', AWS_S3_ENDPOINT: `http://${host}` });
    await read('s3://bucket/a.tif');
    expect(asked.every(({ headers }) => headers.authorization!.includes('/eu-north-1/s3/'))).toBe(true);
    // Keys of the environment come first, and who wants no signature gets none.
    set({
      ...files,
      AWS_PROFILE: 'other',
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
      AWS_REGION: region,
      AWS_S3_ENDPOINT: `http://${host}`,
    });
    await read('s3://bucket/a.tif');
    region = null;
    asked = [];
    set({ ...files, AWS_PROFILE: 'mine', AWS_NO_SIGN_REQUEST: 'YES', AWS_S3_ENDPOINT: `http://${host}` });
    expect((await read('s3://bucket/a.tif')).headers.authorization).toBeUndefined();
    // A server's users name images, whose keys are not theirs.
    asked = [];
    set({ ...files, AWS_PROFILE: 'mine' });
    const fetched: Headers[] = [];
    const http = {
      environment: false as const,
      fetch: (_url: string | URL | Request, init?: RequestInit) => {
        fetched.push(new Headers(init?.headers));
        return Promise.resolve(new Response(null, { status: 404 }));
      },
    };
    await expect(openRaster('s3://bucket/a.tif', { http })).rejects.toMatchObject({ code: 'file-not-found' });
    expect(fetched[0]!.get('authorization')).toBe(null);
    set({ ...files, AWS_PROFILE: 'sso' });
    await expect(openRaster('s3://bucket/a.tif')).rejects.toMatchObject({
      code: 'invalid-option',
      hint: expect.stringContaining('export-credentials'),
    });
  });

  test('az:// is signed by the account’s own key', async () => {
    const key = Buffer.from('SECRET key of an account').toString('base64');
    const isRight = ({ url, headers }: (typeof asked)[number]): boolean => {
      // As the documentation of Shared Key has it, of which only the range stands among the plain headers here.
      const own = ['x-ms-date', 'x-ms-version'].map((name) => `${name}:${String(headers[name])}\n`).join('');
      const plain = ['GET', '', '', '', '', '', '', '', '', '', '', headers.range, ''].join('\n');
      const text = `${plain}${own}/devstoreaccount1${url}`;
      const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
      return headers.authorization === `SharedKey devstoreaccount1:${signature}`;
    };
    const account = `AccountName=devstoreaccount1;BlobEndpoint=http://${host}/devstoreaccount1`;
    set({ AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;${account};AccountKey=${key};` });
    const first = await read('az://container/folder/a b.tif');
    expect(first.url).toBe('/devstoreaccount1/container/folder/a%20b.tif');
    expect(asked.every(isRight)).toBe(true);
    asked = [];
    set({ AZURE_STORAGE_CONNECTION_STRING: account, AZURE_STORAGE_ACCESS_KEY: key });
    await read('/vsiaz/container/a.tif');
    expect(asked.every(isRight)).toBe(true);
    asked = [];
    set({ AZURE_STORAGE_CONNECTION_STRING: account, AZURE_STORAGE_ACCESS_KEY: key, AZURE_NO_SIGN_REQUEST: 'YES' });
    expect((await read('az://container/a.tif')).headers.authorization).toBeUndefined();
    set({ AZURE_STORAGE_ACCOUNT: 'account', AZURE_STORAGE_ACCESS_KEY: 'SECRET?' });
    const error: unknown = await openRaster('az://container/a.tif').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect(JSON.stringify(error)).not.toContain('SECRET');
  });

  test('az:// carries its account’s token, or a bearer’s', async () => {
    const account = `AccountName=devstoreaccount1;BlobEndpoint=http://${host}/devstoreaccount1`;
    set({ AZURE_STORAGE_CONNECTION_STRING: account, AZURE_STORAGE_SAS_TOKEN: '?sv=1&sig=SECRET' });
    expect((await read('az://container/a.tif')).url).toBe('/devstoreaccount1/container/a.tif?sv=1&sig=SECRET');
    asked = [];
    set({ AZURE_STORAGE_CONNECTION_STRING: account, AZURE_STORAGE_ACCESS_TOKEN: 'SECRET' });
    expect((await read('/vsiaz/container/a.tif')).headers.authorization).toBe('Bearer SECRET');
    set({ AZURE_STORAGE_ACCOUNT: '' });
    await expect(openRaster('az://container/a.tif')).rejects.toMatchObject({ code: 'invalid-option' });
  });

  test('a file names those of its own bucket, and no others', async () => {
    set({ AWS_S3_ENDPOINT: `http://${host}` });
    await read('s3://bucket/folder/all.vrt');
    expect(asked.map(({ url }) => url)).toContain('/bucket/folder/sub/b%20c.tif');
    const elsewhere = vrt.replace('relativeToVRT="1">sub/b c.tif', 'relativeToVRT="0">s3://other/b.tif');
    writeFileSync(join(folder, 'other.vrt'), elsewhere);
    // A local file may name what it likes.
    await read(join(folder, 'other.vrt'));
    const { besideUrl } = await import('./beside-url.js');
    expect(() => besideUrl('s3://bucket/a.vrt', 's3://other/b.tif')).toThrow(/another server/);
    expect(besideUrl('s3://bucket/x/y/a.vrt', '../../../b.tif')).toBe('s3://bucket/b.tif');
  });
});

describe('headers of the environment', () => {
  const url = (): string => `http://${host}/a.tif?sig=SECRET`;

  test('are sent with every request, by GDAL’s names', async () => {
    set({ GDAL_HTTP_HEADERS: 'X-One: 1,"X-Two: a, \\"b\\""', GDAL_HTTP_BEARER: 'SECRET', GDAL_HTTP_AUTH: 'BEARER' });
    const { headers } = await read(url());
    expect(headers).toMatchObject({ 'x-one': '1', 'x-two': 'a, "b"', authorization: 'Bearer SECRET' });
    asked = [];
    writeFileSync(join(folder, 'headers.txt'), '# mine\nX-Three: 3\r\nAuthorization: Token SECRET\n');
    set({ GDAL_HTTP_HEADER_FILE: join(folder, 'headers.txt'), GDAL_HTTP_USERPWD: 'me:SECRET' });
    expect((await read(url())).headers).toMatchObject({ 'x-three': '3', authorization: 'Token SECRET' });
    asked = [];
    set({ GDAL_HTTP_USERPWD: 'me:SECRET' });
    expect((await read(`/vsicurl/${url()}`)).headers.authorization).toBe(`Basic ${btoa('me:SECRET')}`);
  });

  test('are left out where the caller says so, and never shown where they are wrong', async () => {
    set({ GDAL_HTTP_BEARER: 'SECRET' });
    await using file = await openRaster(url(), { http: { environment: false } });
    expect(file.width).toBe(64);
    expect(asked[0]!.headers.authorization).toBeUndefined();
    set({ GDAL_HTTP_HEADERS: 'SECRET' });
    const error: unknown = await openRaster(url()).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'invalid-option' });
    const { message, hint, value } = error as { message: string; hint: string; value: unknown };
    expect(JSON.stringify([message, hint, value])).not.toContain('SECRET');
    set({ GDAL_HTTP_HEADER_FILE: join(folder, 'none.txt') });
    await expect(openRaster(url())).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

test('GDAL’s names are read and written', () => {
  expect(
    [
      '/vsicurl/https://host/a.tif?x=1',
      '/vsis3/bucket/a.tif',
      '/vsis3_streaming/bucket/a.tif',
      '/vsizip//data/a.zip/inner/b.tif',
      '/vsizip//vsicurl/https://host/a.zip/b.tif',
      '/vsizip/{/data/archive}/b.tif',
      '/data/plain.tif',
    ].map(fromVirtualName),
  ).toEqual([
    'https://host/a.tif?x=1',
    's3://bucket/a.tif',
    's3://bucket/a.tif',
    '/data/a.zip#inner/b.tif',
    'https://host/a.zip#b.tif',
    '/data/archive#b.tif',
    '/data/plain.tif',
  ]);
  expect(() => fromVirtualName('/vsihdfs/x.tif')).toThrow(/not known here/);
  expect(['s3://b/a.tif', 'gs://b/a.tif', 'az://c/a.tif', 'https://h/a.tif?sig=SECRET'].map(gdalName)).toEqual([
    '/vsis3/b/a.tif',
    '/vsigs/b/a.tif',
    '/vsiaz/c/a.tif',
    '/vsicurl/https://h/a.tif',
  ]);
});
