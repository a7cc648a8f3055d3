import { TiepointError } from '@tiepoint/geometry';
import { buildModel, input, OnnxGradError, reshape } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { asTiepointError } from './onnx-grad-error.js';

describe('errors of onnx-grad', () => {
  it('keep their words and hints under codes of tiepoint', () => {
    const cause = new OnnxGradError('not-finite', 'step 7: the loss is NaN', { hint: 'a lower rate', value: 7 });
    const error = asTiepointError(cause) as TiepointError;
    expect(error).toBeInstanceOf(TiepointError);
    expect(error).toMatchObject({
      code: 'training-diverged',
      message: cause.message,
      hint: 'a lower rate',
      value: 7,
      cause,
    });
    expect(asTiepointError(new OnnxGradError('unreadable', 'x'))).toMatchObject({ code: 'file-unreadable' });
  });

  it('stay as they are where the program is wrong, as do others', () => {
    const bug = new OnnxGradError('shape-mismatch', 'add: [2] and [3]');
    expect(asTiepointError(bug)).toBe(bug);
    const other = new RangeError('x');
    expect(asTiepointError(other)).toBe(other);
  });

  it('are translated where engines run, and leave the engine fit to be disposed of', async () => {
    const engine = createEngine({ threads: 1 });
    const x = input('x', [2, 2]);
    const build = () => buildModel({ inputs: [x], outputs: { y: reshape(x, [4]) } });
    // Fewer numbers than the shape has: the runtime refuses them.
    await expect(engine.run('reshape', build, { x: new Float32Array(3) })).rejects.toBeInstanceOf(Error);
    expect((await engine.run('reshape', build, { x: Float32Array.of(1, 2, 3, 4) })).y).toEqual(
      Float32Array.of(1, 2, 3, 4),
    );
    await engine.dispose();
  });
});
