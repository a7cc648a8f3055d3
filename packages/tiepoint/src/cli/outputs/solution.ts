import type { RegistrationResult } from '../../result/registration-result.js';
import type { Output, OutputContext } from './output.js';

/** What a solution is written from. */
export interface ResultContext extends OutputContext {
  readonly result: Pick<RegistrationResult, 'registration'>;
}

/** The result document, refused or not. */
export const solutionOutput: Output<ResultContext> = {
  flag: 'solution',
  option: '--solution <file>',
  description: 'write the result to a file, for `warp` and `transform`',
  check: () => Promise.resolve(),
  write: async (path, { result, flags }) => {
    const { writeTextFile } = await import('./write-text-file.js');
    writeTextFile(path, `${JSON.stringify(result.registration, null, 2)}\n`, flags.overwrite === true);
    return true;
  },
};
