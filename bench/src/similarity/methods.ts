import { join } from 'node:path';
import { rivals } from './rivals/rivals.js';
import { structureFeatures } from '@tiepoint/matching';
import { shippedDlsm } from 'tiepoint';
import { absoluteNcc } from './absolute-ncc.js';
import { dlsmMeasure } from './dlsm-measure.js';
import { gmi } from './gmi.js';
import { featureMeasure } from './feature-measure.js';
import type { MeasureContext, MeasureFactory, SimilarityMeasure } from './measure.js';
import { mindMeasure } from './mind-measure.js';
import { siftOct } from './sift-oct.js';
import { tfeatMeasure } from './tfeat.js';
import { trainedMeasure } from './trained-measure.js';

/** Rows of trained rivals: DSM, deep similarity measure, is what the paper calls its network with other losses. */
const trained = Object.keys(rivals).map((loss): readonly [string, MeasureFactory] => {
  const name = loss === 'l2-net' || loss.startsWith('dlsm') ? loss : `dsm-${loss}`;
  return [name, ({ engine, weights }) => trainedMeasure(engine, name, loss, weights)];
});

/** Rows of the structure features that registration chooses from; MIND's, which differ from the published ones, under a name of their own. */
const features = Object.entries(structureFeatures).map(([feature, built]): readonly [string, MeasureFactory] => {
  const name = feature === 'mind' ? 'mind-features' : feature;
  return [name, async ({ engine }) => featureMeasure(engine, name, built)];
});

const factories: Readonly<Record<string, MeasureFactory>> = {
  ncc: async () => absoluteNcc(),
  gmi: async () => gmi(),
  'sift-oct': async () => siftOct(),
  ...Object.fromEntries(features),
  mind: async ({ engine }) => mindMeasure(engine),
  // Neighbours further off: worse where the sensors are alike, better where they are not.
  'mind-wide': async ({ engine }) => mindMeasure(engine, 'mind-wide', { patch: 1.5, radius: 2 }),
  tfeat: ({ engine, peers }) => tfeatMeasure(engine, join(peers, 'tfeat_liberty.safetensors')),
  ...Object.fromEntries(trained),
  uss2020: async ({ engine }) => dlsmMeasure(engine, 'uss2020', await shippedDlsm('uss2020')),
  tiepoint: async ({ engine }) => dlsmMeasure(engine, 'tiepoint', await shippedDlsm()),
};

/** Makes the measures named, or all; says on stderr which cannot run here. */
export async function openMeasures(
  names: readonly string[] | undefined,
  context: MeasureContext,
): Promise<readonly SimilarityMeasure[]> {
  const open: SimilarityMeasure[] = [];
  for (const name of names ?? Object.keys(factories)) {
    const factory = factories[name];
    if (factory === undefined)
      throw new Error(`unknown method ${name}; there are ${Object.keys(factories).join(', ')}`);
    const measure = await factory(context);
    if ('absent' in measure) console.error(`${name} left out: ${measure.absent}`);
    else open.push(measure);
  }
  return open;
}
