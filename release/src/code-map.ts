import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Draws which package uses which, from their package.json: docs/images/code-map.svg.

/** What is read of a workspace's package.json. */
export interface Workspace {
  readonly name: string;
  /** Relative to the root: `packages/raster`. */
  readonly folder: string;
  readonly description: string;
  /** Folders of the workspaces it uses when it runs. */
  readonly uses: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const picture = join(root, 'docs/images/code-map.svg');

/** The packages that are published, in the order of the root's package.json. */
export function readWorkspaces(): Workspace[] {
  const read = (folder: string): Manifest =>
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const folders = read('.').workspaces!.filter((folder) => read(folder).private !== true);
  const folderOf = new Map(folders.map((folder) => [read(folder).name, folder]));
  return folders.map((folder) => {
    const { name, description = '', dependencies = {} } = read(folder);
    const uses = Object.keys(dependencies).flatMap((other) => folderOf.get(other) ?? []);
    return { name, folder, description, uses };
  });
}

/** Commands that `tiepoint` loads by name when they are asked for; those packages import `tiepoint`, not the other way round. */
export const loadedByName: readonly string[] = ['packages/batch', 'packages/server', 'packages/viewer'];

/** What a package imports in its code. */
export function importsOf({ folder, uses }: Workspace): readonly string[] {
  return folder === 'packages/tiepoint' ? uses.filter((other) => !loadedByName.includes(other)) : uses;
}

/** Every package one row below the lowest of those it imports. */
export function rowsOf(workspaces: readonly Workspace[]): Workspace[][] {
  const depth = new Map<string, number>();
  const depthOf = (folder: string): number => {
    const known = depth.get(folder);
    if (known !== undefined) return known;
    const workspace = workspaces.find((one) => one.folder === folder)!;
    const found = Math.max(-1, ...importsOf(workspace).map(depthOf)) + 1;
    depth.set(folder, found);
    return found;
  };
  const rows: Workspace[][] = [];
  for (const workspace of workspaces) (rows[depthOf(workspace.folder)] ??= []).push(workspace);
  return rows;
}

/** Imports that are not said by others already: of a → b → c and a → c the last is left out. */
export function directImports(workspace: Workspace, workspaces: readonly Workspace[]): string[] {
  const reach = (folder: string): string[] =>
    importsOf(workspaces.find((one) => one.folder === folder)!).flatMap((other) => [other, ...reach(other)]);
  const imports = importsOf(workspace);
  return imports.filter((folder) => !imports.some((other) => other !== folder && reach(other).includes(folder)));
}

const box = { width: 264, height: 66, gapX: 24, gapY: 54, margin: 16 };
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Words broken into lines of at most so many letters, two at most. */
function linesOf(text: string, letters: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last.length + word.length < letters) lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length <= 2 ? lines : [lines[0]!, `${lines[1]!.replace(/[,.:;]$/, '')} …`];
}

/** The picture: what is imported stands above what imports it; dashed is what the command line loads by name. */
export function drawCodeMap(workspaces: readonly Workspace[]): string {
  const rows = rowsOf(workspaces);
  const widest = Math.max(...rows.map((row) => row.length));
  const width = 2 * box.margin + widest * (box.width + box.gapX) - box.gapX;
  const height = 2 * box.margin + rows.length * (box.height + box.gapY) - box.gapY;
  const at = new Map<string, { readonly x: number; readonly y: number }>();
  for (const [r, row] of rows.entries()) {
    const left = (width - row.length * (box.width + box.gapX) + box.gapX) / 2;
    for (const [c, { folder }] of row.entries()) {
      at.set(folder, { x: left + c * (box.width + box.gapX), y: box.margin + r * (box.height + box.gapY) });
    }
  }
  const arrow = (from: string, to: string, kind: string): string => {
    const [a, b] = [at.get(from)!, at.get(to)!];
    const up = a.y > b.y;
    // Beside the middle, where an arrow the other way may stand.
    const aside = kind === 'by-name' ? 32 : 0;
    const [x1, x2] = [a.x + box.width / 2 + aside, b.x + box.width / 2 + aside];
    const [y1, y2] = up ? [a.y, b.y + box.height + 7] : [a.y + box.height, b.y - 7];
    const bend = (y1 + y2) / 2;
    return `<path class="${kind}" marker-end="url(#head)" d="M${x1} ${y1} C${x1} ${bend} ${x2} ${bend} ${x2} ${y2}"/>`;
  };
  const arrows = workspaces.flatMap((one) => [
    ...directImports(one, workspaces).map((other) => arrow(one.folder, other, 'import')),
    ...one.uses.filter((other) => !importsOf(one).includes(other)).map((other) => arrow(one.folder, other, 'by-name')),
  ]);
  const boxes = workspaces.map(({ name, folder, description }) => {
    const { x, y } = at.get(folder)!;
    const words = linesOf(description, 38).map(
      (line, i) => `<text class="words" x="${x + 12}" y="${y + 40 + 14 * i}">${escaped(line)}</text>`,
    );
    return `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6"/><text class="name" x="${x + 12}" y="${y + 22}">${escaped(name)}</text>${words.join('')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Which package imports which">
<style>svg{background:#fff;font-family:system-ui,sans-serif}rect{fill:#f4f7fb;stroke:#5b7ca6}path{fill:none;stroke:#5b7ca6;stroke-width:1.5}.by-name{stroke-dasharray:5 4}.name{font-weight:600;font-size:15px;fill:#14243a}.words{font-size:11px;fill:#42526a}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" style="fill:#5b7ca6;stroke:none"/></marker></defs>
${[...arrows, ...boxes].join('\n')}
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(picture, drawCodeMap(readWorkspaces()));
