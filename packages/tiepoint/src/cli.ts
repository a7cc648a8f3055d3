/** The parts of the command line that packages with commands of their own build on. */
export { type PairContext, type PairRegistration, registerPair } from './cli/actions/register-pair.js';
export { type RegisterFlags, registerGrammar } from './cli/commands/register.js';
export { exitCodeOf } from './cli/exit-status.js';
export { readTextFile } from './cli/read-text-file.js';
export { parseCount, parsePositive, parseSeed } from './cli/option-parsers.js';
export { addImageOutputOptions } from './cli/outputs/image-output-options.js';
export { requireEnding } from './cli/outputs/ending.js';
export { registerOutputs } from './cli/outputs/lists.js';
export { writeTextFile } from './cli/outputs/write-text-file.js';
export { addMatchingOptions, statusOf } from './cli/registration-options.js';
export type { CliSession } from './cli/session.js';
export { toolVersion } from './cli/version.js';
export { weightsIdentity } from './cli/weights-identity.js';
export { errorCodeOf, exitCodes } from './errors/error-codes.js';
export { escapeHtml, formatMetres, formatNumber } from './report/html.js';
export { tool } from './result/tool.js';
