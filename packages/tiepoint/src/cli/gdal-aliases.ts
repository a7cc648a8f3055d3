/** GDAL's single-dash words, which option parsers take for bundles of letters, and what they are called here. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['-t_srs', '--dst-crs'],
  ['-co', '--co'],
  ['-of', '--of'],
  ['-overwrite', '--overwrite'],
  ['-q', '--quiet'],
]);

/** Replaces GDAL's single-dash options by the ones commander knows; after `--` nothing is touched. */
export function expandGdalAliases(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (end >= 0 && i > end ? word : (aliases.get(word) ?? word)));
}
