import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { detectorOption, keypointsOption } from './keypoints-option.js';
import { untrainedNetworkFiles } from './testing/untrained-networks.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-keypoints-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [detector, matcher] = [join(folder, 'd.safetensors'), join(folder, 'm.safetensors')];
const files = untrainedNetworkFiles();
writeFileSync(detector, files.detector);
writeFileSync(matcher, files.matcher);

it('leaves the choice to the library, turns networks off, or reads both files', async () => {
  expect(await keypointsOption({})).toEqual({});
  expect(await keypointsOption({ detector: 'none' })).toEqual({ keypoints: null });
  expect(await keypointsOption({ matcher: 'none' })).toEqual({ keypoints: null });
  expect(await detectorOption('none')).toBeNull();
  const { keypoints } = await keypointsOption({ detector, matcher });
  expect(keypoints?.detector.name).toMatch(/^untrained detector \[\w{8}\]$/);
  expect(keypoints?.matcher.network.patch).toBe(32);
  expect((await detectorOption(detector))?.name).toMatch(/^untrained detector \[\w{8}\]$/);
});

it('says which file cannot be used', async () => {
  const absent = join(folder, 'absent.safetensors');
  await expect(keypointsOption({ detector: absent, matcher })).rejects.toMatchObject({
    code: 'weights-missing',
    value: absent,
  });
  await expect(keypointsOption({ detector: matcher, matcher })).rejects.toMatchObject({ code: 'weights-invalid' });
});
