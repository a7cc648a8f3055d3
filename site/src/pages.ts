/** A page of the site that is a Markdown file of the repository. */
export interface SitePage {
  /** From the root of the repository. */
  readonly file: string;
  readonly group: 'Guides' | 'Reference' | 'How and why';
}

const guides = [
  'docs/README',
  'docs/first-registration',
  'docs/walkthrough',
  'docs/series',
  'docs/batch',
  'docs/historic-photos',
  'docs/trust',
  'docs/training',
  'docs/browser',
  'docs/viewer',
  'integrations/qgis/README',
  'integrations/python/README',
  'docs/stac',
  'docs/server',
  'docs/container',
];
const reference = ['docs/formats', 'docs/errors', 'docs/benchmarks', 'CONVENTIONS', 'CHANGELOG'];
const why = [
  'docs/how-it-works',
  'dev-docs/architecture',
  'dev-docs/verdict',
  'dev-docs/accuracy',
  'dev-docs/dlsm',
  'dev-docs/keypoint-networks',
  'dev-docs/matching',
  'dev-docs/model-choice',
  'dev-docs/similarity',
  'dev-docs/speed',
  'dev-docs/batch',
  'dev-docs/series',
  'dev-docs/viewer',
  'dev-docs/site',
  'dev-docs/container',
  'packages/tiepoint/weights/README',
  'CONTRIBUTING',
  'SECURITY',
];

const inGroup = (names: readonly string[], group: SitePage['group']): SitePage[] =>
  names.map((name) => ({ file: `${name}.md`, group }));

/** The pages in their order; the API of every package stands beside them. */
export const sitePages: readonly SitePage[] = [
  ...inGroup(guides, 'Guides'),
  ...inGroup(reference, 'Reference'),
  ...inGroup(why, 'How and why'),
];

/** The packages whose API is documented, in the order in which they build on each other. */
export const apiPackages: readonly string[] = [
  'tiepoint',
  'raster',
  'geometry',
  'matching',
  'onnx-grad',
  'training',
  'catalog',
  'batch',
  'server',
];

/** The title of a Markdown text: its first heading. */
export function titleOf(markdown: string): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined) throw new Error(`no heading: ${markdown.slice(0, 60)}`);
  return title.replaceAll(/[`*]/g, '');
}
