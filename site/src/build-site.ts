import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Application,
  Converter,
  type DocumentReflection,
  MinimalSourceFile,
  type NormalizedPath,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { writeGeneratedPages } from './generated-pages.js';
import { withFolderLinks } from './folder-links.js';
import { apiPackages, sitePages, titleOf } from './pages.js';

// Builds the documentation into site-build/: guides, reference and the API of every package, searchable, and the viewer.

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'site-build');
const repository = 'https://github.com/tiepoint/tiepoint';
const viewer = join(root, 'packages/viewer/dist/page');

/** What is exported may speak of types that are not: those of one package are many. Links and paths must hold. */
const validation = {
  notExported: false,
  notDocumented: false,
  invalidLink: true,
  invalidPath: true,
  rewrittenLink: false,
};

/** Documents are named by their heading and grouped as the list of pages says. */
function describe(document: DocumentReflection, files: ReadonlyMap<string, (typeof sitePages)[number]>): void {
  const path = document.project.files.getReflectionPath(document);
  const page = path === undefined ? undefined : files.get(path);
  if (page === undefined) return;
  document.name = titleOf(readFileSync(join(root, page.file), 'utf8'));
  document.frontmatter['group'] = page.group;
}

/** Of a package with several entries the main one has no name, which leaves holes in paths and titles. */
function nameMainEntries(project: ProjectReflection): void {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module))
    if (module.name === '') module.name = 'main';
}

async function build(): Promise<boolean> {
  const app = await Application.bootstrapWithPlugins({
    name: 'tiepoint',
    entryPointStrategy: 'packages',
    entryPoints: apiPackages.map((name) => join(root, 'packages', name)),
    packageOptions: { validation, excludeInternal: true, excludeReferences: true, sort: ['kind', 'alphabetical'] },
    projectDocuments: sitePages.map(({ file }) => join(root, file)),
    readme: join(root, 'README.md'),
    out,
    customCss: join(root, 'site/style.css'),
    favicon: join(root, 'packages/viewer/public/icon.svg'),
    groupOrder: ['Guides', 'Reference', 'How and why', 'Modules', '*'],
    sort: ['source-order'],
    headings: { readme: false, document: false },
    searchInDocuments: true,
    searchInComments: true,
    includeVersion: true,
    hideGenerator: true,
    highlightLanguages: ['bash', 'csv', 'html', 'javascript', 'json', 'jsonc', 'python', 'typescript'],
    navigationLinks: {
      'Try it': './try/index.html?example=elevation&register',
      GitHub: repository,
    },
    navigation: {
      includeGroups: true,
      includeCategories: false,
      includeFolders: false,
      compactFolders: true,
      excludeReferences: true,
    },
    validation,
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
  });
  // Folders have no page here: their links lead to the repository.
  const parse = app.converter.parseRawComment.bind(app.converter);
  app.converter.parseRawComment = (file, registry) => {
    const text = withFolderLinks(file.text, dirname(file.fileName), root, repository);
    return parse(new MinimalSourceFile(text, file.fileName as NormalizedPath), registry);
  };
  const files = new Map(sitePages.map((page) => [join(root, page.file), page]));
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_: undefined, document: DocumentReflection) =>
    describe(document, files),
  );
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors()) return false;
  nameMainEntries(project);
  app.validate(project);
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

if (!existsSync(viewer)) throw new Error('the viewer is not built: npm run build');
writeGeneratedPages();
if (!(await build())) process.exitCode = 1;
cpSync(viewer, join(out, 'try'), { recursive: true });
