import { TiepointError } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-status.js';
import { reportFailure } from './failure.js';
import type { CliSession } from './session.js';

describe('the exit status', () => {
  it.each([
    ['file-not-found', 3],
    ['unsupported-format', 3],
    ['solution-invalid', 3],
    ['output-exists', 2],
    ['output-unwritable', 2],
    ['no-such-band', 2],
    ['refused', 4],
    ['weights-missing', 6],
    ['weights-invalid', 6],
    ['engine-failed', 1],
    ['invalid-covariance', 1],
  ])('of %s is %i', (code, status) => {
    expect(exitCodeOf(new TiepointError(code, 'x'))).toBe(status);
  });

  it('is 130 for an interruption and 1 for a bug', () => {
    expect(exitCodeOf(new DOMException('stop', 'AbortError'))).toBe(130);
    expect(exitCodeOf(new TypeError('bug'))).toBe(1);
    expect(exitCodeOf('text')).toBe(1);
  });
});

describe('the report of a failure', () => {
  const lines: string[] = [];
  const session = { progress: () => {}, err: (line: string) => void lines.push(line) } as unknown as CliSession;
  const said = async (error: unknown): Promise<string> => {
    lines.length = 0;
    await reportFailure(error, session, false);
    return lines.join('\n');
  };

  it('has the hint of the error, or that of its code', async () => {
    expect(await said(new TiepointError('disk-full', 'a.tif: full', { hint: 'Buy a disk.' }))).toContain('Buy a disk.');
    expect(await said(new TiepointError('disk-full', 'a.tif: full'))).toContain('Free some space');
  });

  it('calls bugs bugs, and nothing else', async () => {
    expect(await said(new TypeError('x is not a function'))).toContain('a bug in tiepoint');
    expect(await said(new TiepointError('invalid-covariance', 'x'))).toContain('a bug in tiepoint');
    for (const code of ['training-diverged', 'engine-unavailable', 'engine-failed', 'file-corrupt']) {
      expect(await said(new TiepointError(code, 'x')), code).not.toContain('bug');
    }
  });
});
