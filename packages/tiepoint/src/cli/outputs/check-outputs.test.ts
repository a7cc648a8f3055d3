import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOutputs } from './check-outputs.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-outputs-'));
writeFileSync(join(folder, 'there.tif'), 'x');
mkdirSync(join(folder, 'sub'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);

describe('checkOutputs', () => {
  it('passes new names, and old ones with overwrite', async () => {
    await checkOutputs([at('new.tif'), at('sub', 'new.json')], [at('there.tif')], false);
    await checkOutputs([at('there.tif')], [], true);
  });

  it.each([
    ['an existing file', [at('there.tif')], [], false, 'output-exists'],
    ['a directory', [at('sub')], [], true, 'output-unwritable'],
    ['a missing directory', [at('no', 'a.tif')], [], false, 'output-unwritable'],
    ['an input', [at('there.tif')], [at('sub', '..', 'there.tif')], true, 'invalid-option'],
    ['one name twice', [at('a.tif'), at('a.tif')], [], false, 'invalid-option'],
  ])('refuses %s', async (_, outputs, inputs, overwrite, code) => {
    await expect(checkOutputs(outputs, inputs, overwrite)).rejects.toMatchObject({ code });
  });
});
