import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { planJobs } from './plan-jobs.js';

it('inputs that are no files stay as they are named, and paths are seen from the folder of the manifest', async () => {
  const references = ['xyz:https://127.0.0.1:9/{z}/{x}/{y}.png', 's3://bucket/optical.tif', 'optical.tif'];
  const rows = references.map((reference, i) => ({
    place: `row ${i + 1}`,
    values: { reference, sensed: 'az://container/radar.tif', dem: 'dem.tif', rpc: `refined-${i}_RPC.TXT`, zoom: 15 },
  }));
  const jobs = await planJobs(rows, {
    inputFolder: '/data',
    outputFolder: '/out',
    thumbnailFolder: null,
    nameOutputs: true,
    reports: false,
    shared: { weights: 'none', detector: 'none' },
  });
  expect(jobs.map(({ reference }) => reference)).toEqual([references[0], references[1], resolve('/data/optical.tif')]);
  expect(jobs.map(({ sensed }) => sensed)).toEqual(Array.from({ length: 3 }, () => 'az://container/radar.tif'));
  expect(jobs[0]!.flags).toMatchObject({ dem: resolve('/data/dem.tif'), zoom: 15 });
  expect(jobs[0]!.outputs).toMatchObject({ rpc: resolve('/out/refined-0_RPC.TXT') });
});
