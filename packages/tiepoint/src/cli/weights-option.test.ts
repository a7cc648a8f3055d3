import { expect, it } from 'vitest';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import { dlsmOption } from './weights-option.js';

it('reads shipped weights by name, turns the network off, or says what it cannot read', async () => {
  expect(await dlsmOption(undefined)).toEqual({});
  expect(await dlsmOption('none')).toEqual({ dlsm: null });
  const { dlsm } = await dlsmOption('uss2020');
  expect(dlsm).toBe(await shippedDlsm('uss2020'));
  expect([dlsm?.network.name, (await shippedDlsm()).network.name]).toEqual(['paper', 'correlation']);
  await expect(dlsmOption('uss2021')).rejects.toMatchObject({ code: 'weights-missing', value: 'uss2021' });
});
