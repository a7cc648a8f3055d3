import { createHash } from 'node:crypto';
import { readShippedFile } from '../weights/shipped-file.js';
import { dlsmNames } from '../weights/shipped-dlsm.js';
import { readWeightsFile } from './weights-option.js';

const shippedFolder = new URL('../../weights/', import.meta.url);

async function digest(network: 'dlsm' | 'detector' | 'matcher', named: string | undefined): Promise<string> {
  if (named === 'none') return 'none';
  const shipped = named === undefined || named === 'shipped' ? network : dlsmNames.find((name) => name === named);
  const bytes =
    shipped === undefined
      ? await readWeightsFile(named!, network)
      : await readShippedFile(new URL(`${shipped}.safetensors`, shippedFolder));
  return bytes === null ? 'missing' : createHash('sha256').update(bytes).digest('hex');
}

/**
 * Says which weights flags ask for: a text that differs where any of them does, whatever their files are called.
 *
 * @throws TiepointError `weights-missing`
 */
export async function weightsIdentity(flags: {
  readonly method?: string | undefined;
  readonly weights?: string | undefined;
  readonly detector?: string | undefined;
  readonly matcher?: string | undefined;
}): Promise<string> {
  const parts = [
    await digest('dlsm', flags.weights ?? (flags.method === 'uss2020' ? 'uss2020' : undefined)),
    await digest('detector', flags.detector),
    await digest('matcher', flags.matcher),
  ];
  return parts.join(' ');
}
