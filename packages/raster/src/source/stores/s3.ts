import { type Environment, isOn } from '../environment.js';
import { withAwsProfile } from './aws-profile.js';
import { signedByAws } from './aws-signature.js';
import { keyPath, type ObjectStore, withHeaders } from './object-store.js';

/** An address of which no bucket can be a subdomain. */
const plainHost = /^(localhost|\d+(\.\d+){3}|\[.*\])(:\d+)?$/i;

/** Amazon S3 and what speaks like it. */
export const s3Store: ObjectStore = {
  scheme: 's3',
  gdalPrefix: '/vsis3/',
  prepare: withAwsProfile,
  locate: (bucket, key, environment) => {
    const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1';
    const { origin, host } = endpointOf(environment, region);
    const virtual = isOn(environment, 'AWS_VIRTUAL_HOSTING', !bucket.includes('.') && !plainHost.test(host));
    const url = virtual
      ? `${origin.replace('//', `//${bucket}.`)}/${keyPath(key)}`
      : `${origin}/${bucket}/${keyPath(key)}`;
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    const payer = environment['AWS_REQUEST_PAYER'];
    const extra = payer ? { 'x-amz-request-payer': payer } : {};
    const authorise = (base: typeof fetch): typeof fetch => {
      if (isOn(environment, 'AWS_NO_SIGN_REQUEST') || !accessKeyId || !secretAccessKey) return withHeaders(base, extra);
      const sessionToken = environment['AWS_SESSION_TOKEN'];
      const signed = signedByAws(base, { accessKeyId, secretAccessKey, sessionToken, region });
      return withHeaders(signed, extra);
    };
    return { url, authorise };
  },
};

/** `AWS_S3_ENDPOINT` may have a scheme; else `AWS_HTTPS` says which. */
function endpointOf(environment: Environment, region: string): { readonly origin: string; readonly host: string } {
  const amazon = region === 'us-east-1' ? 's3.amazonaws.com' : `s3.${region}.amazonaws.com`;
  const named = (environment['AWS_S3_ENDPOINT'] || amazon).replace(/\/+$/, '');
  const host = named.replace(/^https?:\/\//i, '');
  const scheme = /^(https?):\/\//i.exec(named)?.[1] ?? (isOn(environment, 'AWS_HTTPS', true) ? 'https' : 'http');
  return { origin: `${scheme.toLowerCase()}://${host}`, host };
}
