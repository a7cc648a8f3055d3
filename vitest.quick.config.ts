import { readFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import all from './vitest.config.js';

const slow = JSON.parse(readFileSync(new URL('slow-tests.json', import.meta.url), 'utf8')) as Record<string, number>;

// The quick tier: without the files that were measured to be slow, and with modules shared between files.
export default mergeConfig(all, {
  test: { exclude: ['**/node_modules/**', ...Object.keys(slow)], isolate: false },
});
