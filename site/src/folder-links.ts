import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A Markdown text whose relative links to folders lead to them in the repository on the web. */
export function withFolderLinks(markdown: string, folder: string, root: string, repository: string): string {
  return markdown.replaceAll(/\]\((?![a-z]+:|#)([^)\s#]+)\)/g, (whole, path: string) => {
    const target = join(folder, path);
    const isFolder = existsSync(target) && statSync(target).isDirectory();
    return isFolder ? `](${repository}/tree/main/${relative(root, target)})` : whole;
  });
}
