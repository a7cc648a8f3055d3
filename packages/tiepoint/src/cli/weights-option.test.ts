import { openRaster } from '@tiepoint/raster';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readInputs } from '../inputs/read-inputs.js';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import { blobScene } from './testing/blob-scene.js';
import { weightsIdentity } from './weights-identity.js';
import { dlsmOption } from './weights-option.js';

it('reads shipped weights by name, turns the network off, or says what it cannot read', async () => {
  expect(await dlsmOption(undefined)).toEqual({});
  expect(await dlsmOption('none')).toEqual({ dlsm: null });
  const { dlsm } = await dlsmOption('uss2020');
  expect(dlsm).toBe(await shippedDlsm('uss2020'));
  expect([dlsm?.network.name, (await shippedDlsm()).network.name]).toEqual(['paper', 'correlation']);
  await expect(dlsmOption('uss2021')).rejects.toMatchObject({ code: 'weights-missing', value: 'uss2021' });
});

it("takes the paper's network with the paper's method, unless others are named", async () => {
  const { dlsm } = await dlsmOption('none');
  const raw = { width: 64, height: 64, channels: 1 } as const;
  await using raster = await openRaster(
    await sharp(Uint8Array.from(blobScene(64, 64, 1)), { raw })
      .png()
      .toBuffer(),
  );
  for (const [options, name] of [
    [{ method: 'uss2020' }, (await shippedDlsm('uss2020')).name],
    [{ method: 'grid' }, (await shippedDlsm()).name],
    [{ method: 'uss2020', dlsm }, null],
  ] as const) {
    await using inputs = await readInputs(raster, raster, options);
    expect(inputs.provenance.weights).toBe(name);
  }
  const named = await weightsIdentity({ method: 'uss2020' });
  expect(named).toBe(await weightsIdentity({ weights: 'uss2020' }));
  expect(named).not.toBe(await weightsIdentity({}));
});
