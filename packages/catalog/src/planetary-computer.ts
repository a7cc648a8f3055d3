import { TiepointError } from '@tiepoint/geometry';
import * as z from 'zod';
import type { Signer } from './signer.js';

const tokenSchema = z.object({ token: z.string(), 'msft:expiry': z.string() });

/** A variable of the environment; browsers have none. */
const variable = (name: string): string | undefined =>
  typeof process === 'undefined' ? undefined : process.env?.[name];

/** Where tokens come from; the variable has the name that the provider's own clients read. */
const endpoint = (): string => variable('PC_SDK_SAS_URL') ?? 'https://planetarycomputer.microsoft.com/api/sas/v1/token';

/** A token is renewed this long before it ends, ms. */
const margin = 60_000;

const tokens = new Map<string, Promise<{ readonly text: string | null; readonly until: number }>>();

async function fetchToken(account: string, container: string): Promise<{ text: string | null; until: number }> {
  const key = variable('PC_SDK_SUBSCRIPTION_KEY');
  const answer = await fetch(`${endpoint()}/${account}/${container}`, {
    ...(key === undefined ? {} : { headers: { 'Ocp-Apim-Subscription-Key': key } }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    // A container that is not the provider's: it may be public, and is read as it is.
    if (answer.status === 404) return { text: null, until: Number.POSITIVE_INFINITY };
    throw new TiepointError(
      'url-unreadable',
      `no token for ${account}/${container}: the server answered ${answer.status}`,
      {
        hint: 'Check the network, and PC_SDK_SUBSCRIPTION_KEY where a key is needed.',
        value: answer.status,
      },
    );
  }
  const { token, 'msft:expiry': expiry } = tokenSchema.parse(await answer.json());
  return { text: token, until: Date.parse(expiry) - margin };
}

async function tokenOf(account: string, container: string): Promise<string | null> {
  const key = `${account}/${container}`;
  const known = await tokens.get(key)?.catch(() => undefined);
  if (known !== undefined && known.until > Date.now()) return known.text;
  const asked = fetchToken(account, container);
  tokens.set(key, asked);
  return (await asked).text;
}

/** Microsoft's Planetary Computer: a token for each storage container, good for a while. */
export const planetaryComputer: Signer = {
  name: 'Planetary Computer',
  matches: ({ hostname, searchParams }) => hostname.endsWith('.blob.core.windows.net') && !searchParams.has('sig'),
  sign: async (url) => {
    const account = url.hostname.split('.')[0]!;
    const container = url.pathname.split('/')[1] ?? '';
    const token = await tokenOf(account, container);
    if (token === null) return url.href;
    return `${url.href}${url.search === '' ? '?' : '&'}${token}`;
  },
};
