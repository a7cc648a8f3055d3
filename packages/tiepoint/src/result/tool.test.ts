import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tool } from './tool.js';

test('results name the version of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(tool).toBe(`tiepoint ${manifest.version}`);
});
