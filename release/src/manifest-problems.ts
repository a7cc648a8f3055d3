import type { Manifest, PackedPackage } from './packed-packages.js';

/** What of a manifest is not in the shape that all have, or says something else than the root's. */
export function manifestProblems({ folder, manifest }: PackedPackage, root: Manifest): string[] {
  const { repository } = manifest;
  const address = root.repository?.url?.replace(/^git\+|\.git$/g, '');
  const due: readonly (readonly [string, unknown, unknown])[] = [
    ['license', manifest.license, root.license],
    ['homepage', manifest.homepage, `${address}/tree/main/${folder}#readme`],
    ['repository.type', repository?.type, 'git'],
    ['repository.url', repository?.url, root.repository?.url],
    ['repository.directory', repository?.directory, folder],
    ['bugs.url', manifest.bugs?.url, root.bugs?.url],
    ['engines.node', manifest.engines?.node, root.engines?.node],
    ['type', manifest.type, 'module'],
  ];
  const problems = due.flatMap(([field, found, expected]) =>
    found === expected ? [] : [`${field} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`],
  );
  if ((manifest.keywords ?? []).length < 3) problems.push('keywords: fewer than three');
  if ((manifest.description ?? '').length < 20) problems.push('description: none, or too short');
  if (manifest.sideEffects === undefined) problems.push('sideEffects: not said');
  return problems;
}

const development = [
  /\.test\./,
  /\.sample\./,
  /\.map$/,
  /\.tsbuildinfo$/,
  /\/testing\//,
  /^(src|oracle|fixtures|scripts)\//,
];

/** What of a tarball's files is missing, or is of no use to who installs it. */
export function fileProblems({ files }: PackedPackage): string[] {
  const missing = ['LICENSE', 'README.md', 'package.json'].filter((file) => !files.includes(file));
  const surplus = files.filter((file) => development.some((pattern) => pattern.test(file)));
  return [
    ...missing.map((file) => `${file}: missing`),
    ...surplus.map((file) => `${file}: for development only`),
    ...(files.some((file) => file.startsWith('dist/')) ? [] : ['dist: missing; npm run build']),
  ];
}
