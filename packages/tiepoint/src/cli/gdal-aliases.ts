/** GDAL's single-dash words, which option parsers take for bundles of letters: what they are called here, and how many words follow. */
const aliases: ReadonlyMap<string, { readonly name: string; readonly values: number }> = new Map([
  ['-t_srs', { name: '--dst-crs', values: 1 }],
  ['-co', { name: '--co', values: 1 }],
  ['-of', { name: '--of', values: 1 }],
  ['-tr', { name: '--tr', values: 2 }],
  ['-te', { name: '--te', values: 4 }],
  ['-tap', { name: '--tap', values: 0 }],
  ['-srcnodata', { name: '--src-nodata', values: 1 }],
  ['-dstnodata', { name: '--dst-nodata', values: 1 }],
  ['-wo', { name: '--wo', values: 1 }],
  ['-overwrite', { name: '--overwrite', values: 0 }],
  ['-q', { name: '--quiet', values: 0 }],
]);

/** Options of gdalwarp that have no meaning here, and how many words follow them. */
const meaningless: ReadonlyMap<string, number> = new Map([
  ['-multi', 0],
  ['-wm', 1],
  ['-s_srs', 1],
  ['-et', 1],
  ['-ovr', 1],
  ['-order', 1],
  ['-tps', 0],
  ['-rpc', 0],
  ['-geoloc', 0],
  ['-dstalpha', 0],
  ['-srcalpha', 0],
  ['-nosrcalpha', 0],
  ['-oo', 1],
  ['-doo', 1],
  ['-ot', 1],
  ['-wt', 1],
  ['-nomd', 0],
  ['-cvmd', 1],
  ['-setci', 0],
  ['-novshift', 0],
]);

/** The command line in this program's words, and what of GDAL's was passed over. */
export interface ExpandedArguments {
  readonly argv: readonly string[];
  readonly ignored: readonly string[];
}

/**
 * Replaces GDAL's single-dash options by the ones commander knows; those that have no meaning here are left out. After `--`
 * nothing is touched.
 */
export function expandGdalAliases(words: readonly string[]): ExpandedArguments {
  const argv: string[] = [];
  const ignored: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      argv.push(...words.slice(i));
      break;
    }
    const alias = aliases.get(word);
    const skipped = meaningless.get(word);
    if (alias !== undefined) {
      argv.push(alias.name);
      // Several values are one word here, so that negative ones are not taken for options.
      if (alias.values > 0) argv.push(words.slice(i + 1, i + 1 + alias.values).join(' '));
      i += alias.values;
    } else if (skipped !== undefined) {
      ignored.push(word);
      i += skipped;
    } else argv.push(word);
  }
  return { argv, ignored };
}
