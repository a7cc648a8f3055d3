/** What requests are signed with. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

/** Answers by which S3 says that a bucket lies in another region. */
const elsewhere = new Set([301, 307, 400]);

/**
 * Requests with AWS Signature V4 (service `s3`). Where the store names another region, that one is taken from then on.
 */
export function signedByAws(base: typeof fetch, keys: AwsKeys): typeof fetch {
  let { region } = keys;
  const ask = async (url: string, init: RequestInit | undefined): Promise<Response> => {
    const { AwsV4Signer } = await import('aws4fetch');
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const signer = new AwsV4Signer({
      url,
      method: init?.method ?? 'GET',
      headers: new Headers(init?.headers),
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken ? { sessionToken } : {}),
    });
    const { headers } = await signer.sign();
    return base(url, { ...init, headers });
  };
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = await ask(url, init);
    const right = answer.headers.get('x-amz-bucket-region');
    if (!elsewhere.has(answer.status) || right === null || right === region) return answer;
    await answer.body?.cancel();
    region = right;
    return ask(url, init);
  };
}
