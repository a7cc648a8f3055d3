import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { spawnCli } from '../testing/spawn-cli.js';
import { assessOutputs, detectOutputs, matchOutputs, registerOutputs } from './lists.js';

const lists = { register: registerOutputs, match: matchOutputs, assess: assessOutputs, detect: detectOutputs };

it('are what the README says', () => {
  const rows = Object.entries(lists).flatMap(([command, outputs]) =>
    outputs.map(({ option, description }) => `| \`${command} ${option}\` | ${description} |`),
  );
  const table = ['| option | |', '|---|---|', ...rows].join('\n');
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`<!-- outputs: begin -->\n${table}\n<!-- outputs: end -->`);
});

it.each(Object.entries(lists))('of %s stand in its help', async (command, outputs) => {
  const { stdout } = await spawnCli([command, '--help']);
  const words = stdout.replaceAll(/\s+/g, ' ');
  for (const { option, description } of outputs) {
    expect(words).toContain(option.startsWith('--') ? option : option.slice(1, -1));
    expect(words).toContain(description);
  }
});
