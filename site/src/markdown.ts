/** A relative link of a Markdown text. */
export interface RelativeLink {
  /** The file or folder, relative to the text's folder; empty for the text itself. */
  readonly path: string;
  readonly anchor: string | null;
}

/** Without blocks of code, whose brackets are no links. */
const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, 'code');

/** All links that lead into the repository, pictures too. */
export function relativeLinks(markdown: string): RelativeLink[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path, anchor] = target.split('#');
      return { path: path!, anchor: anchor ?? null };
    });
}

/** The anchors of a text's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  return [...markdown.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The blocks of code in a language. */
export function codeBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);
}

/** The commands of a text's shell blocks that call a program: lines, those that end in a backslash joined, comments left out. */
export function commandsOf(markdown: string, program: string): string[] {
  return codeBlocks(markdown, 'sh')
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.split(/[ |]+/).includes(program));
}
