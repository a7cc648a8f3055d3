import type { Engine } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { register } from '../../register.js';
import { metadataItems } from '../../result/metadata-items.js';
import type { RegistrationResult } from '../../result/registration-result.js';
import { createStopwatch, type StageTimes } from '../../result/stage-times.js';
import { rpcOf } from '../../result/refined-rpc.js';
import { transformFromJson } from '../../result/transform-json.js';
import type { RegisterFlags } from '../commands/register.js';
import { importedPointsOption } from '../imported-points.js';
import { keypointsOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { openPair } from '../open-pair.js';
import { registerOutputs } from '../outputs/lists.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
import { registerOptionsOf } from '../register-options-of.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';

/** What a registration of two files came to. */
export interface PairRegistration {
  readonly result: RegistrationResult;
  /** Paths of what was written. */
  readonly written: readonly string[];
}

/** What a caller that registers many pairs adds to the flags of one. */
export interface PairContext {
  /** An engine to reuse; by default one is made and disposed of. */
  readonly engine?: Engine | undefined;
  /** Stands in the solution as `provenance.job`. */
  readonly job?: string | undefined;
  /** Called with both files while they are open, before the outputs are written. */
  readonly beforeWriting?:
    | ((reference: RasterFile, sensed: RasterFile, result: RegistrationResult) => Promise<void>)
    | undefined;
}

/**
 * Registers two images by flags and writes the outputs they name, the solution last.
 *
 * @throws TiepointError of reading, registering and writing
 */
export async function registerPair(
  referencePath: string,
  sensedPath: string,
  flags: RegisterFlags & { readonly output?: string | undefined },
  session: CliSession,
  context: PairContext = {},
): Promise<PairRegistration> {
  const inputs = [referencePath, sensedPath, flags.mask, flags.referenceMask, flags.tiePoints, flags.dem];
  await checkNamedOutputs(registerOutputs, flags, inputs);
  const { signal } = session;
  await using pair = await openPair(referencePath, sensedPath, flags, session);
  const { reference, sensed } = pair;
  // Told before the work begins.
  if (flags.rpc !== undefined) rpcOf(sensed);
  await using masks = await openMasks(flags, signal);
  const found = await register(reference, sensed, {
    ...registerOptionsOf(flags, session, reference, sensed),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
    ...(await importedPointsOption(flags, reference, sensed)),
    engine: context.engine,
    timings: flags.timings,
  });
  const result = context.job === undefined ? found : ofJob(found, context.job);
  await context.beforeWriting?.(reference, sensed, result);
  const watch = createStopwatch();
  const written = await watch.time('write', () =>
    writeNamedOutputs(registerOutputs, {
      flags,
      session,
      reference,
      sensed,
      result,
      tiePoints: result.tiePoints,
      sensedToReference: transformFromJson(result.registration),
      items: metadataItems(result.registration),
    }),
  );
  return { result: withTimes(result, watch.times), written };
}

/** Adds stages to a result that tells them. */
export function withTimes(result: RegistrationResult, times: StageTimes): RegistrationResult {
  const { registration } = result;
  const { timings } = registration;
  return timings === undefined
    ? result
    : { ...result, registration: { ...registration, timings: { ...timings, ...times } } };
}

function ofJob(result: RegistrationResult, job: string): RegistrationResult {
  const { registration } = result;
  return { ...result, registration: { ...registration, provenance: { ...registration.provenance, job } } };
}
