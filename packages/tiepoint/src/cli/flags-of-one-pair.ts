import { TiepointError } from '@tiepoint/geometry';
import type { RegisterFlags } from './commands/register.js';
import { registerOutputs } from './outputs/lists.js';

/** Options that name one file of one pair, by their flags. */
const ofOnePair: Readonly<Record<string, string>> = {
  ...Object.fromEntries(registerOutputs.map(({ flag, option }) => [flag, option.split(' ')[0]!])),
  mask: '--mask',
  tiePoints: '--tie-points',
};

/**
 * Refuses options of one pair where there are many.
 *
 * @param many - the option that says so; @param hint - what to do instead
 * @throws TiepointError `usage`
 */
export function refuseFlagsOfOnePair(flags: RegisterFlags, many: '--series' | '--bands', hint: string): void {
  const values = flags as unknown as Readonly<Record<string, unknown>>;
  const named = Object.keys(ofOnePair).find((name) => values[name] !== undefined);
  if (named === undefined) return;
  throw new TiepointError('usage', `${ofOnePair[named]} is of one pair and cannot be used with ${many}`, {
    hint,
    value: values[named],
  });
}
