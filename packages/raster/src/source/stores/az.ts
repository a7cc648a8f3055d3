import { TiepointError } from '@tiepoint/geometry';
import { type Environment, isOn } from '../environment.js';
import { type AzureAccount, signedByAzure } from './azure-signature.js';
import { keyPath, type ObjectStore, withHeaders } from './object-store.js';

/** The version of the store's interface from which on tokens are understood. */
const version = '2020-12-06';

/** Azure Blob Storage: the container and the blob; the account stands in the environment. */
export const azStore: ObjectStore = {
  scheme: 'az',
  gdalPrefix: '/vsiaz/',
  locate: (container, blob, environment) => {
    const { endpoint, token, account } = accountOf(environment);
    const open = isOn(environment, 'AZURE_NO_SIGN_REQUEST');
    const signature = open || !token ? '' : `?${token.replace(/^\?/, '')}`;
    const access = environment['AZURE_STORAGE_ACCESS_TOKEN'];
    const url = `${endpoint}/${container}/${keyPath(blob)}${signature}`;
    if (open || signature) return { url };
    if (access) {
      const headers = { 'x-ms-version': version, authorization: `Bearer ${access}` };
      return { url, authorise: (base) => withHeaders(base, headers) };
    }
    return account === null ? { url } : { url, authorise: (base) => signedByAzure(base, account, version) };
  },
};

/** The account's address, its shared access signature, and its key. */
function accountOf(environment: Environment): {
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly account: AzureAccount | null;
} {
  const parts = new Map(
    (environment['AZURE_STORAGE_CONNECTION_STRING'] ?? '').split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)] as const;
    }),
  );
  const account = parts.get('AccountName') ?? environment['AZURE_STORAGE_ACCOUNT'];
  const named = parts.get('BlobEndpoint');
  if (!account && !named) {
    throw new TiepointError('invalid-option', 'az:// names a container, but nothing says of which account', {
      hint: 'Set AZURE_STORAGE_ACCOUNT (and AZURE_STORAGE_SAS_TOKEN where a token is needed).',
      value: 'AZURE_STORAGE_ACCOUNT',
    });
  }
  const key = parts.get('AccountKey') ?? environment['AZURE_STORAGE_ACCESS_KEY'];
  if (key && !/^[A-Za-z0-9+/]+=*$/.test(key)) {
    // The key itself is a secret.
    throw new TiepointError('invalid-option', 'the key of the Azure account is not in base 64', {
      hint: 'Copy it again from the portal, or use a shared access signature.',
      value: 'AZURE_STORAGE_ACCESS_KEY',
    });
  }
  return {
    account: key && account ? { name: account, key } : null,
    endpoint: (named ?? `https://${account}.blob.core.windows.net`).replace(/\/+$/, ''),
    token: parts.get('SharedAccessSignature') ?? environment['AZURE_STORAGE_SAS_TOKEN'],
  };
}
