import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { PackedPackage } from './packed-packages.js';

/** What publint finds in a tarball; its suggestions are matters of taste. */
export async function publintProblems({ manifest, tarball }: PackedPackage): Promise<string[]> {
  const bytes = readFileSync(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, level: 'warning', strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg ?? manifest) ?? message.code}`);
}

/** Packages of modules alone: `require` of Node 20 cannot load them, and TypeScript's old resolution knows no `exports`. */
function concernsModules(problem: Problem): boolean {
  const resolution = 'resolutionKind' in problem ? problem.resolutionKind : null;
  return resolution !== 'node10' && resolution !== 'node16-cjs' && problem.kind !== 'CJSResolvesToESM';
}

/** What @arethetypeswrong finds in a tarball, for importers that are modules and for bundlers. */
export async function typesProblems({ tarball }: PackedPackage): Promise<string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (analysis.types === false) return ['@arethetypeswrong: no types'];
  return analysis.problems.filter(concernsModules).map((problem) => `@arethetypeswrong: ${JSON.stringify(problem)}`);
}
