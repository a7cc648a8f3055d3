import { createRandom, namedParameters } from 'onnx-grad';
import { expect, it } from 'vitest';
import { paperNetwork } from './networks.js';
import { decodeDlsm, encodeDlsm } from './weights.js';

const parameters = paperNetwork.create(createRandom(1), 5);
const file = encodeDlsm(parameters, { network: 'paper', temperature: 1.5, provenance: 'a test' });

it('reads what it wrote, to 16 bits', () => {
  const dlsm = decodeDlsm(file);
  expect(dlsm.network).toBe(paperNetwork);
  expect(dlsm.temperature).toBe(1.5);
  expect(dlsm.provenance).toBe('a test');
  const found = namedParameters(dlsm.parameters);
  for (const [name, { data }] of namedParameters(parameters)) {
    const read = found.get(name)!.data;
    expect(data.every((v, i) => Math.abs(v - read[i]!) <= Math.abs(v) / 1024 + 1e-7)).toBe(true);
  }
});

it('tells weights apart of which the same is said', () => {
  const others = paperNetwork.create(createRandom(2), 5);
  const named = (p: typeof parameters): string =>
    decodeDlsm(encodeDlsm(p, { network: 'paper', temperature: 1.5, provenance: 'a test' })).name;
  expect(named(parameters)).toBe(decodeDlsm(file).name);
  expect(named(others)).not.toBe(named(parameters));
});

it.each([
  ['something else', new Uint8Array(100)],
  ['a network that is not known', encodeDlsm(parameters, { network: 'other', temperature: 1, provenance: '' })],
  ['weights of another network', encodeDlsm(parameters, { network: 'correlation', temperature: 1, provenance: '' })],
  ['an impossible temperature', encodeDlsm(parameters, { network: 'paper', temperature: -1, provenance: '' })],
  ['half a file', file.subarray(0, file.length >> 1)],
])('refuses %s', (_what, bytes) => {
  expect(() => decodeDlsm(bytes)).toThrow(expect.objectContaining({ code: 'weights-invalid' }));
});
