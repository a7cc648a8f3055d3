// A user's page: registers two images that somebody chose, in the browser.
import { openRaster } from '@tiepoint/raster';
import { register } from 'tiepoint';

async function registerBlobs(referenceBlob, sensedBlob) {
  const reference = await openRaster(referenceBlob);
  const sensed = await openRaster(sensedBlob);
  const { registration } = await register(reference, sensed, { seed: 0 });
  return registration;
}

const blobAt = async (path) => (await fetch(path)).blob();

globalThis.registered = Promise.all([blobAt('./reference.tif'), blobAt('./sensed.tif')]).then(([reference, sensed]) =>
  registerBlobs(reference, sensed),
);
