import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeTextFile } from './write-text-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes whole files and replaces them only where that is allowed', () => {
  const path = join(folder, 'a.json');
  writeTextFile(path, 'one', false);
  expect(() => writeTextFile(path, 'two', false)).toThrow(/exists already/);
  expect(readFileSync(path, 'utf8')).toBe('one');
  writeTextFile(path, 'three', true);
  expect(readFileSync(path, 'utf8')).toBe('three');
  expect(() => writeTextFile(join(folder, 'no', 'b.json'), 'x', false)).toThrow(/cannot be written/);
  expect(readdirSync(folder)).toEqual(['a.json']);
});
