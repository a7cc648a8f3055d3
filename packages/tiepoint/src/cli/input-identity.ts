import { stat } from 'node:fs/promises';

/** How long a server may take to say what it has, ms. */
const patience = 20_000;
/** Servers are asked this many questions at once. */
const atOnce = 16;

/** What says that an input is still the same: size and time of a file, ETag (or length and date) of a URL. */
async function identify(source: string): Promise<string> {
  // Object stores are asked by the job, which has the keys, and maps of tiles change all the time: anew is by --restart.
  if (/^(s3|gs|az|xyz|wmts):/i.test(source)) return 'not asked';
  if (!/^https?:/i.test(source)) {
    const found = await stat(source).catch(() => null);
    return found === null ? 'missing' : `${found.size} bytes, ${found.mtimeMs}`;
  }
  try {
    const answer = await fetch(source, { method: 'HEAD', signal: AbortSignal.timeout(patience) });
    const header = (name: string): string => answer.headers.get(name) ?? '';
    if (!answer.ok) return `status ${answer.status}`;
    return header('etag') || `${header('content-length')} bytes, ${header('last-modified')}`;
  } catch {
    // The job itself will say what is wrong with it, or find it back.
    return 'unreachable';
  }
}

/**
 * Finds what says that inputs are still the same, each asked for once.
 *
 * @param sources - absolute paths or URLs
 */
export async function identifyInputs(sources: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const left = [...new Set(sources)];
  const found = new Map<string, string>();
  const worker = async (): Promise<void> => {
    for (let source = left.pop(); source !== undefined; source = left.pop()) found.set(source, await identify(source));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}
