import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { TiepointError } from '@tiepoint/geometry';

/** Addresses that are no public host's: this machine, private networks, link-local (cloud metadata), reserved. */
const blocked = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  blocked.addSubnet(network, bits, 'ipv4');
}
// What is not global unicast, and what carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo), documentation.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  blocked.addSubnet(network, bits, 'ipv6');
}

/** Whether an address is one that anybody on the Internet may have. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
}

function refused(url: string, why: string): TiepointError {
  return new TiepointError('url-unreadable', `${url}: ${why}`, {
    hint: 'Images are read from hosts that the server allows, at public addresses.',
    value: url,
  });
}

/** Looks a name up and refuses it where any of its addresses is not public; what is connected to is what was checked. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '');
      return;
    }
    const wrong = addresses.find(({ address }) => !isPublicAddress(address));
    if (wrong !== undefined || addresses.length === 0) {
      callback(
        Object.assign(new Error(`${hostname} has an address that is not public`), { code: 'ERR_NOT_PUBLIC' }),
        '',
      );
    } else if (options.all) {
      callback(null, addresses);
    } else {
      callback(null, addresses[0]!.address, addresses[0]!.family);
    }
  });
};

const mostRedirects = 5;

/** @throws TiepointError `url-unreadable` where the address may not be read */
function checkUrl(url: URL, hosts: readonly string[]): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(url.href, 'not an address of the web');
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'an address with a user in it');
  // WHATWG's URL has turned 0x7f.1, 2130706433 and the like into four numbers already.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!hosts.includes(host.toLowerCase())) throw refused(url.href, 'its host is not allowed');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(url.href, 'its address is not public');
}

function once(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const asked = send(url, { headers, lookup: publicLookup, signal, timeout: 30_000 }, (answer) => {
      const fields = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const status = answer.statusCode ?? 500;
      const body = status === 204 || status === 304 ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
      resolve(new Response(body, { status, headers: fields }));
    });
    asked.on('timeout', () => asked.destroy(new Error('the server does not answer')));
    asked.on('error', reject);
    asked.end();
  });
}

/**
 * A `fetch` that reads from named hosts only, at public addresses only, on every hop.
 *
 * @param hosts - in lower case; without ports, of which any may be asked
 */
export function guardedFetch(hosts: readonly string[]): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    for (let hop = 0; hop <= mostRedirects; hop++) {
      checkUrl(url, hosts);
      const answer = await once(url, headers, init?.signal ?? undefined);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return answer;
      await answer.body?.cancel();
      url = new URL(location, url);
    }
    throw refused(url.href, 'too many redirects');
  };
}
