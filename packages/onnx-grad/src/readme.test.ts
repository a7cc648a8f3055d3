import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';

it('the sample of the README is the program that is compiled here, and the model it writes works', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const program = await readFile(new URL('readme.test.program.ts', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\``);
  const folder = await mkdtemp(join(tmpdir(), 'onnx-grad-'));
  try {
    const compiled = fileURLToPath(new URL('../dist/readme.test.program.js', import.meta.url));
    // `await using` needs Node 24 unless it is compiled down, as it is here.
    expect(spawnSync(process.execPath, [compiled], { cwd: folder, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
    });
    const session = await InferenceSession.create(join(folder, 'brightness.onnx'));
    const classify = async (level: number): Promise<boolean> => {
      const image = new Tensor('float32', new Float32Array(144).fill(level), [1, 1, 12, 12]);
      const [dark, bright] = (await session.run({ image }))['logits']!.data as Float32Array;
      return bright! > dark!;
    };
    expect([await classify(0), await classify(1)]).toEqual([false, true]);
    await session.release();
  } finally {
    await rm(folder, { recursive: true });
  }
});
