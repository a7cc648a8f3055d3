import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';
import { namedParameters, type ParameterTree } from 'onnx-grad';
import type { StoredAlignment } from '../alignment/stored-alignments.js';
import type { PairSource } from '../data/training-pairs.js';

/** What a run depends on beside the program itself, by name: numbers and words, nested as they come. */
export type Settings = Readonly<Record<string, unknown>>;

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** Names numbers by their bytes. */
export function digestOfParameters(parameters: ParameterTree): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of namedParameters(parameters)) {
    hash.update(`${name} ${shape.join(',')}`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The data of a run by their content, so that folders may be moved: manifests, and what alignment made of them. */
export async function settingsOfData(
  { pairs, stacks }: Omit<PairSource, 'split'>,
  alignments: readonly StoredAlignment[],
): Promise<Settings> {
  return {
    pairs: digest(await readFile(pairs)),
    stacks: stacks === undefined ? 'none' : digest(await readFile(stacks)),
    alignments: digest(JSON.stringify(alignments.toSorted((a, b) => (a.id < b.id ? -1 : 1)))),
  };
}

/** Every value in nested settings, by its path: `loss.mutual`. */
function flat(settings: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return new Map([[path, JSON.stringify(settings) ?? 'none']]);
  }
  return new Map(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => [...flat(value, path === '' ? name : `${path}.${name}`)]),
  );
}

/**
 * Refuses to go on with a run under other settings than it began with: what came of it would be of neither.
 *
 * @param stored - the checkpoint's; `undefined` where it says none
 * @throws TiepointError `settings-changed`, naming each that differs with both values
 */
export function requireSameSettings(path: string, stored: unknown, settings: Settings): void {
  const hint = 'resume with the settings the run began with, or name another folder for a new one';
  if (typeof stored !== 'object' || stored === null) {
    throw new TiepointError('settings-changed', `${path} does not say what settings its run has`, {
      hint,
      value: path,
    });
  }
  const [there, here] = [flat(stored), flat(settings)];
  const differences = [...new Set([...there.keys(), ...here.keys()])]
    .filter((name) => there.get(name) !== here.get(name))
    .map((name) => `${name} ${there.get(name) ?? 'not set'} there, ${here.get(name) ?? 'not set'} here`);
  if (differences.length === 0) return;
  throw new TiepointError('settings-changed', `${path} is of a run with other settings: ${differences.join('; ')}`, {
    hint,
    value: differences,
  });
}
