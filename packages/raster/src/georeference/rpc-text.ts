import type { Rpc } from './rpc.js';

/** Names of the single values in `_RPC.TXT` and in `.RPB`, in the order in which they are written. */
const values = [
  ['lineOffset', 'LINE_OFF', 'lineOffset'],
  ['sampleOffset', 'SAMP_OFF', 'sampOffset'],
  ['latitudeOffset', 'LAT_OFF', 'latOffset'],
  ['longitudeOffset', 'LONG_OFF', 'longOffset'],
  ['heightOffset', 'HEIGHT_OFF', 'heightOffset'],
  ['lineScale', 'LINE_SCALE', 'lineScale'],
  ['sampleScale', 'SAMP_SCALE', 'sampScale'],
  ['latitudeScale', 'LAT_SCALE', 'latScale'],
  ['longitudeScale', 'LONG_SCALE', 'longScale'],
  ['heightScale', 'HEIGHT_SCALE', 'heightScale'],
] as const;
/** The same for the lists of coefficients. */
const lists = [
  ['lineNumerator', 'LINE_NUM_COEFF', 'lineNumCoef'],
  ['lineDenominator', 'LINE_DEN_COEFF', 'lineDenCoef'],
  ['sampleNumerator', 'SAMP_NUM_COEFF', 'sampNumCoef'],
  ['sampleDenominator', 'SAMP_DEN_COEFF', 'sampDenCoef'],
] as const;
const count = 20;

/** RPCs of GDAL's metadata items (domain `RPC`); null where some are missing. */
export function rpcFromItems(items: ReadonlyMap<string, string>): Rpc | null {
  const number = (text: string | undefined): number => Number.parseFloat(text ?? '');
  const singles = values.map(([name, key]) => [name, number(items.get(key))] as const);
  const listed = lists.map(([name, key]) => {
    const together = items.get(key)?.trim().split(/\s+/).map(Number);
    return [name, together ?? Array.from({ length: count }, (_, i) => number(items.get(`${key}_${i + 1}`)))] as const;
  });
  return sound({ ...Object.fromEntries(singles), ...Object.fromEntries(listed) } as unknown as Rpc);
}

function sound(rpc: Rpc): Rpc | null {
  const singles = values.every(([name]) => Number.isFinite(rpc[name]));
  const listed = lists.every(([name]) => rpc[name].length === count && rpc[name].every(Number.isFinite));
  const scales = [rpc.lineScale, rpc.sampleScale, rpc.latitudeScale, rpc.longitudeScale, rpc.heightScale];
  return singles && listed && scales.every((scale) => scale !== 0) ? rpc : null;
}

/** Reads `_RPC.TXT` (`LINE_OFF: 123 pixels`) or `.RPB` (`lineOffset = 123;`); null of what is neither. */
export function parseRpcText(text: string): Rpc | null {
  const items = new Map<string, string>();
  if (/^\s*(BEGIN_GROUP|lineOffset|satId)\b/m.test(text)) {
    for (const [, key, rpb] of values) {
      const found = new RegExp(`\\b${rpb}\\s*=\\s*([^;\\s]+)`).exec(text)?.[1];
      if (found !== undefined) items.set(key, found);
    }
    for (const [, key, rpb] of lists) {
      const found = new RegExp(`\\b${rpb}\\s*=\\s*\\(([^)]*)\\)`).exec(text)?.[1];
      if (found !== undefined) items.set(key, found.replaceAll(',', ' '));
    }
    return rpcFromItems(items);
  }
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(\w+)\s*:\s*(\S+)/.exec(line);
    if (found) items.set(found[1]!.toUpperCase(), found[2]!);
  }
  return rpcFromItems(items);
}

/** RPCs of GeoTIFF's tag of 92 numbers: two errors, then values and lists; null where it is damaged. */
export function rpcFromTag(numbers: readonly number[]): Rpc | null {
  if (numbers.length !== 92) return null;
  const singles = values.map(([name], i) => [name, numbers[2 + i]!] as const);
  const listed = lists.map(([name], i) => [name, numbers.slice(12 + count * i, 12 + count * (i + 1))] as const);
  return sound({ ...Object.fromEntries(singles), ...Object.fromEntries(listed) } as unknown as Rpc);
}

/** The text of `_RPC.TXT`. */
export function formatRpcText(rpc: Rpc): string {
  const singles = values.map(([name, key]) => `${key}: ${rpc[name]}`);
  const listed = lists.flatMap(([name, key]) => rpc[name].map((value, i) => `${key}_${i + 1}: ${value}`));
  return `${[...singles, ...listed].join('\n')}\n`;
}

/** The text of `.RPB`, as DigitalGlobe has it. */
export function formatRpb(rpc: Rpc): string {
  const singles = values.map(([name, , rpb]) => `\t${rpb} = ${rpc[name]};`);
  const listed = lists.map(([name, , rpb]) => `\t${rpb} = (\n${rpc[name].map((v) => `\t\t\t${v}`).join(',\n')});`);
  return [
    'satId = "";',
    'bandId = "";',
    'SpecId = "RPC00B";',
    'BEGIN_GROUP = IMAGE',
    '\terrBias = 0;',
    '\terrRand = 0;',
    ...singles,
    ...listed,
    'END_GROUP = IMAGE',
    'END;',
    '',
  ].join('\n');
}
