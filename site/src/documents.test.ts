import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedPages } from './generated-pages.js';
import { anchorsOf, codeBlocks, relativeLinks } from './markdown.js';
import { apiPackages, sitePages, titleOf } from './pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const withoutComments = (source: string): string => source.replaceAll(/\/\*\*[^]*?\*\/|\/\/.*/g, '');
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' });
const documents = tracked.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
const manifests = ['.', ...(JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces];
// Of the root, or of a package (`npm run fuzz -w packages/raster`).
const scripts = manifests.flatMap((folder) =>
  Object.keys((JSON.parse(read(`${folder}/package.json`)) as { scripts?: Record<string, string> }).scripts ?? {}),
);

describe.each(documents)('%s', (file) => {
  it('has links and anchors that lead somewhere, and scripts that exist', () => {
    const text = read(file);
    for (const { path, anchor } of relativeLinks(text)) {
      const target = path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path)));
      expect(existsSync(join(root, target)), `${file} → ${target}`).toBe(true);
      if (anchor === null || !statSync(join(root, target)).isFile() || !target.endsWith('.md')) continue;
      expect(anchorsOf(read(target)), `${file} → ${target}#${anchor}`).toContain(anchor);
    }
    for (const [, name] of text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)) expect(scripts, file).toContain(name);
  });
});

it('comments link to names that their file knows, which TypeDoc resolves', () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'packages/*/src/*.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const sources = listed.split('\n').filter((file) => file.endsWith('.ts') && existsSync(join(root, file)));
  const unknown = sources.flatMap((file) => {
    const text = read(file);
    const code = withoutComments(text);
    const names = [...text.matchAll(/\{@link ([\w$]+)/g)].map(([, name]) => name!);
    return names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code)).map((name) => `${file}: ${name}`);
  });
  expect(unknown).toEqual([]);
});

it.each(Object.entries(generatedPages()))(
  '%s is made of the code and the results as they are (npm run docs)',
  (file, text) => {
    expect(read(file)).toBe(text);
  },
);

it('the site has every guide, each with a title of its own', () => {
  const titles = sitePages.map(({ file }) => titleOf(read(file)));
  expect(new Set(titles).size).toBe(titles.length);
  const files = sitePages.map(({ file }) => file);
  for (const file of documents) if (/^(?:docs|dev-docs)\//.test(file)) expect(files).toContain(file);
  for (const name of apiPackages) expect(existsSync(join(root, 'packages', name, 'README.md'))).toBe(true);
});

it('every sample of a guide is a file that is compiled and run', () => {
  const sources = {
    'docs/first-registration.md': read('packages/tiepoint/src/readme.sample.ts').replaceAll('export ', ''),
    'docs/trust.md': read('site/src/samples/decide.ts'),
    // Bundled, and run in Chromium, by check:packages.
    'docs/browser.md': read('release/trial/page/main.js'),
  };
  for (const { file } of sitePages.filter(({ group }) => group === 'Guides')) {
    // Its sample is used by catalog's sign.test.ts.
    if (file === 'docs/stac.md') continue;
    const blocks = [...codeBlocks(read(file), 'ts'), ...codeBlocks(read(file), 'js')];
    const source = (sources as Record<string, string>)[file];
    expect(blocks, file).toEqual(source === undefined ? [] : [source]);
  }
});
