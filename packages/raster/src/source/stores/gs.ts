import { isOn } from '../environment.js';
import { signedByAws } from './aws-signature.js';
import { keyPath, type ObjectStore, withHeaders } from './object-store.js';

/** Google Cloud Storage. Its HMAC keys sign as Amazon's do; tokens come by `GDAL_HTTP_BEARER`. */
export const gsStore: ObjectStore = {
  scheme: 'gs',
  gdalPrefix: '/vsigs/',
  locate: (bucket, key, environment) => {
    const endpoint = (environment['CPL_GS_ENDPOINT'] || 'https://storage.googleapis.com').replace(/\/+$/, '');
    const { GS_ACCESS_KEY_ID: accessKeyId, GS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    const project = environment['GS_USER_PROJECT'];
    const extra = project ? { 'x-goog-user-project': project } : {};
    return {
      url: `${endpoint}/${bucket}/${keyPath(key)}`,
      authorise: (base) => {
        if (isOn(environment, 'GS_NO_SIGN_REQUEST') || !accessKeyId || !secretAccessKey)
          return withHeaders(base, extra);
        return withHeaders(signedByAws(base, { accessKeyId, secretAccessKey, region: 'auto' }), extra);
      },
    };
  },
};
