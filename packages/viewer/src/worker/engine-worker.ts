import type { Transform } from '@tiepoint/geometry';
import { createEngine, type Engine } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import {
  createSnapper,
  type Edits,
  type HandTiePoint,
  refit,
  register,
  type RegisterOptions,
  type RegistrationResult,
  type Snapper,
} from 'tiepoint';
import { type ImageSource, openSource } from './image-source.js';
import type { CallContext } from './protocol.js';
import { serve } from './serve.js';

/** The result as the page holds it: without what only a fit needs. */
export type ShownResult = Omit<RegistrationResult, 'basis' | 'jointError'> & { readonly mendable: boolean };

/** How the page lets two images be registered. */
export type RegisterChoice = Pick<
  RegisterOptions,
  'method' | 'model' | 'searchRadius' | 'georeference' | 'band' | 'referenceBand' | 'tiePoints'
>;

/** Both images. */
export interface Pair {
  readonly reference: ImageSource;
  readonly sensed: ImageSource;
}

/** Threads of one operation, as the command line uses. */
const threads = 2;

let engine: Engine | null = null;
let found: RegistrationResult | null = null;
let snapper: Promise<Snapper> | null = null;

function theEngine(): Engine {
  engine ??= createEngine({ threads });
  return engine;
}

function shown({ basis, ...result }: RegistrationResult): ShownResult {
  return { ...result, mendable: basis !== null };
}

async function openPair({ reference, sensed }: Pair, signal?: AbortSignal): Promise<readonly [RasterFile, RasterFile]> {
  return [await openSource(reference, signal), await openSource(sensed, signal)];
}

const handlers = {
  async register(
    { pair, choice }: { pair: Pair; choice: RegisterChoice },
    { signal, progress }: CallContext,
  ): Promise<ShownResult> {
    snapper = null;
    const [reference, sensed] = await openPair(pair, signal);
    try {
      found = await register(reference, sensed, { ...choice, engine: theEngine(), signal, onProgress: progress });
    } finally {
      await reference.close();
      await sensed.close();
    }
    return shown(found);
  },

  /** The registration after edits by hand. */
  async refit({ edits }: { edits: Edits }): Promise<ShownResult> {
    return shown(refit(found!, edits));
  },

  /** Where exactly a place set by hand lies; null where the images do not say. */
  async snap(request: {
    pair: Pair;
    reference: readonly [number, number];
    sensed: readonly [number, number];
    transform: Transform;
  }): Promise<HandTiePoint | null> {
    snapper ??= openPair(request.pair).then(([reference, sensed]) => {
      const bandOf = (role: 'reference' | 'sensed'): number | undefined => {
        const band = found?.registration.provenance.inputs.find((input) => input.role === role)?.band;
        return typeof band === 'number' ? band : undefined;
      };
      const bands = { referenceBand: bandOf('reference'), band: bandOf('sensed') };
      return createSnapper(reference, sensed, { ...bands, engine: theEngine() });
    });
    return (await snapper).snap(request.reference, request.sensed, request.transform);
  },
};

/** What the worker that registers answers. */
export type EngineHandlers = typeof handlers;

serve(handlers);
