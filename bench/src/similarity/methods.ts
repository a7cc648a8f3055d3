import { absoluteNcc } from './absolute-ncc.js';
import { gmi } from './gmi.js';
import { hopcMeasure } from './hopc-measure.js';
import type { MeasureContext, MeasureFactory, SimilarityMeasure } from './measure.js';
import { mindMeasure } from './mind-measure.js';
import { siftOct } from './sift-oct.js';

const factories: Readonly<Record<string, MeasureFactory>> = {
  ncc: async () => absoluteNcc(),
  gmi: async () => gmi(),
  'sift-oct': async () => siftOct(),
  hopc: async ({ engine }) => hopcMeasure(engine),
  mind: async ({ engine }) => mindMeasure(engine),
  // Neighbours further off: worse where the sensors are alike, better where they are not.
  'mind-wide': async ({ engine }) => mindMeasure(engine, 'mind-wide', { patch: 1.5, radius: 2 }),
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
