import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadSigner } from './load-signer.js';
import { signHref } from './sign.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-sign-'));
afterAll(() => {
  delete process.env['MY_TOKEN'];
  rmSync(folder, { recursive: true });
});

it("the guide's module signs addresses of its provider, and no others", async () => {
  const guide = readFileSync(new URL('../../../docs/stac.md', import.meta.url), 'utf8');
  const [, sample] = /^```js\n([^]*?)^```/m.exec(guide)!;
  const path = join(folder, 'my-provider.mjs');
  writeFileSync(path, sample!);
  await loadSigner(path);
  process.env['MY_TOKEN'] = 'secret';
  expect(await signHref('https://data.example.org/a.tif')).toBe('https://data.example.org/a.tif?token=secret');
  expect(await signHref('https://other.example.org/a.tif')).toBe('https://other.example.org/a.tif');
});

it('a module without a signer is named', async () => {
  const path = join(folder, 'empty.mjs');
  writeFileSync(path, 'export default { name: "half" };\n');
  await expect(loadSigner(path)).rejects.toMatchObject({ code: 'invalid-option', value: path });
});
