import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, paperNetwork } from '@tiepoint/matching';
import { rivals } from './rivals/rivals.js';
import { createRandom, decodeSafetensors, floatTensors, parameterConstants, replaceParameters } from 'onnx-grad';
import { dlsmMeasure } from './dlsm-measure.js';
import { graphMeasure } from './graph-measure.js';
import type { SimilarityMeasure } from './measure.js';

/** A rival with the weights that `train-rivals` wrote to a folder; absent where it has none. */
export async function trainedMeasure(
  engine: Engine,
  name: string,
  loss: string,
  folder: string | undefined,
): Promise<SimilarityMeasure | { readonly absent: string }> {
  if (folder === undefined) return { absent: 'no folder of weights was named (--weights)' };
  const path = join(folder, loss, `${loss}.safetensors`);
  if (!existsSync(path)) return { absent: `there is no ${path}` };
  const rival = rivals[loss]!;
  const stored = floatTensors(decodeSafetensors(await readFile(path)));
  const tree = replaceParameters(rival.create(createRandom(0)), stored);
  if (loss.startsWith('dlsm')) {
    return dlsmMeasure(engine, name, {
      name: path,
      network: paperNetwork,
      parameters: tree,
      provenance: path,
      temperature: 1,
    });
  }
  const parameters = parameterConstants(tree);
  return graphMeasure(engine, name, `trained ${path}`, (pairs) => rival.similarity(parameters, pairs));
}
