/** A stored result of a bench. */
export interface StoredResult {
  /** Its name under bench/results. */
  readonly file: string;
  readonly bench: string;
  readonly command?: string;
  readonly commit?: string;
  readonly machine?: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Tables longer than this are left to the file. */
const longest = 40;

const cell = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
  if (value === null || value === undefined) return '–';
  if (typeof value === 'object') return '…';
  return String(value as string | boolean).replaceAll('|', '\\|');
};

function tableOf(rows: StoredResult['rows']): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => `| ${columns.map((column) => cell(row[column])).join(' | ')} |`);
  return `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}\n${lines.join('\n')}`;
}

function sectionOf({ file, command, commit, machine, rows }: StoredResult): string {
  const from = [
    command === undefined ? '' : `\`${command}\``,
    commit === undefined ? '' : `commit ${commit}`,
    machine ?? '',
  ].filter((part) => part !== '');
  const table = rows.length > longest ? `${rows.length} rows, in the file.` : tableOf(rows);
  return `### [${file}](../bench/results/${file})\n\n${from.join('; ')}\n\n${table}\n`;
}

/** The page of all stored results, bench by bench. */
export function benchmarksPage(results: readonly StoredResult[]): string {
  const benches = [...new Set(results.map(({ bench }) => bench))].toSorted();
  const parts = benches.map((bench) => {
    const sections = results.filter((result) => result.bench === bench).map(sectionOf);
    return `## ${bench}\n\n${sections.join('\n')}`;
  });
  return `# Benchmarks

What is measured stands as a file under \`bench/results\`, with its command, commit and machine; this page is made of those files by \`npm run docs\`. Losses stand beside wins. What the columns mean: \`npm run -s bench -- NAME\` prints them, and the [README](../README.md#results) and [the reasons](../dev-docs/architecture.md) put them into context. \`sr1\`, \`sr3\`, \`sr5\`: share of pairs right to 1, 3 and 5 px and not refused; \`falseAccept\`: share of unrelated pairs accepted.

${parts.join('\n')}`;
}
