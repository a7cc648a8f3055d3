import type { ErrorCategory, ErrorCode } from 'tiepoint';

/** What heads the codes of a category. */
const headings: Readonly<Record<ErrorCategory, string>> = {
  usage: 'What was asked for, or where it should go',
  input: 'What was read',
  refused: 'Refused',
  model: 'Weights and checkpoints',
  environment: 'The machine',
  internal: 'Faults of the program',
};

/** The page of all errors by code, from the table that the command line uses. */
export function errorsPage(
  codes: Readonly<Record<string, ErrorCode>>,
  statusOf: Readonly<Record<ErrorCategory, number>>,
): string {
  const parts = (Object.keys(headings) as ErrorCategory[]).map((category) => {
    const rows = Object.entries(codes)
      .filter(([, code]) => code.category === category)
      .map(([code, { hint }]) => `| \`${code}\` | ${hint.replaceAll('|', '\\|')} |`);
    return `## ${headings[category]}: exit status ${statusOf[category]}\n\n| code | what to do, where the error itself does not say |\n|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Errors by code

Every error has a code, which stays the same from version to version, a message with the value that was wrong, and a hint. In the library it is a \`TiepointError\` with \`code\`, \`value\` and \`hint\`; on the command line \`error [code]: …\`, with \`--json\` a document \`{ "version": 1, "error": { "code", "message", "hint", "exitCode" } }\`; in Python a \`TiepointError\` with \`code\` and \`hint\`. This page is made from the table of codes by \`npm run docs\`.

Exit status: 0 accepted, 5 written with a warning, 4 refused, 130 interrupted; of errors as below.

${parts.join('\n')}`;
}
