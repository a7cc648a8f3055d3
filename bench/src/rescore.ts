import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Evidence, judge, type Measurement } from 'tiepoint';
import { type PairResult, summarise } from './registration/summary.js';

// Applies the verdict as it stands to the stored evidence of every registration run: neither evidence nor geometry depends on its limits.
const results = join(dirname(fileURLToPath(import.meta.url)), '../results');

interface OwnDetail {
  readonly evidence: Evidence | null;
  readonly accuracy: Measurement['accuracy'] | null;
}

function rescored(result: PairResult): PairResult {
  const detail = result.detail as OwnDetail | undefined;
  if (!result.method.startsWith('tiepoint') || !detail?.evidence || !detail.accuracy) return result;
  const { verdict } = judge(detail.evidence, detail.accuracy);
  return { ...result, accepted: verdict !== 'refuse', detail: { ...detail, verdict } };
}

for (const name of readdirSync(results).filter((file) => /^registration-\w+-pairs-.*\.jsonl$/.test(file))) {
  const lines = readFileSync(join(results, name), 'utf8').trim().split('\n');
  const all = lines.map((line) => rescored(JSON.parse(line) as PairResult));
  writeFileSync(join(results, name), `${all.map((r) => JSON.stringify(r)).join('\n')}\n`);
  const table = join(results, name.replace('-pairs', '').replace('.jsonl', '.json'));
  const document = JSON.parse(readFileSync(table, 'utf8')) as Record<string, unknown>;
  const rows = summarise(all, [...new Set(all.map((r) => r.method))]);
  writeFileSync(
    table,
    `${JSON.stringify({ ...document, verdict: 'applied again to the stored evidence', rows }, null, 1)}\n`,
  );
}
