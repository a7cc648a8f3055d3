import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guardedFetch, isPublicAddress } from './guarded-fetch.js';

let server: Server;
let port = 0;
let asked = 0;

beforeAll(async () => {
  server = createServer((_, response) => {
    asked++;
    response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

it.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['127.9.9.9', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

it('asks no address of this machine, by whatever name', async () => {
  const names = [
    'localhost',
    '127.0.0.1',
    '[::1]',
    '0.0.0.0',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::ffff:127.0.0.1]',
  ];
  const all = ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::ffff:7f00:1'];
  for (const name of names)
    await expect(guardedFetch(all)(`http://${name}:${port}/`), name).rejects.toThrow(/not public/);
  await expect(guardedFetch([])(`http://localhost:${port}/`)).rejects.toThrow(/not allowed/);
  await expect(guardedFetch(all)('file:///etc/passwd')).rejects.toThrow(/not an address of the web/);
  await expect(guardedFetch(all)(`http://a:b@localhost:${port}/`)).rejects.toThrow(/user/);
  expect(asked).toBe(0);
});
