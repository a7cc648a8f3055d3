import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { untrainedNetworkFiles } from '../cli/testing/untrained-networks.js';
import { readKeypointNetworks } from './shipped-keypoint-networks.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));
const place = {
  detector: pathToFileURL(join(folder, 'detector.safetensors')),
  matcher: pathToFileURL(join(folder, 'matcher.safetensors')),
};

it('needs both files, and takes them as soon as they are there', async () => {
  const { detector, matcher } = untrainedNetworkFiles();
  expect(await readKeypointNetworks(place)).toBeNull();
  writeFileSync(place.detector, detector);
  expect(await readKeypointNetworks(place)).toBeNull();
  writeFileSync(place.matcher, matcher);
  const found = await readKeypointNetworks(place);
  expect(found?.detector.name).toMatch(/^untrained detector \[\w{8}\]$/);
  expect(found?.matcher.name).toMatch(/^untrained matcher \[\w{8}\]$/);
  writeFileSync(place.matcher, detector);
  await expect(readKeypointNetworks(place)).rejects.toMatchObject({ code: 'weights-invalid' });
});
