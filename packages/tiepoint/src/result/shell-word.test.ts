import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.js';

it.each(['plain.tif', 'a b.tif', "it's.tif", '$(touch x).tif', '`x`;&|<>*?.tif', 'ä ö.tif', ''])(
  'a shell reads %j as one word',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)}`], { encoding: 'utf8' })).toBe(`${word}|`);
  },
);
