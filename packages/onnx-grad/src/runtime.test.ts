import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = `
import { add, buildModel, createSession, input } from 'onnx-grad';
const model = buildModel({ outputs: { y: add(input('x', [2]), 1) } });
const session = await createSession(model, { threads: 2 });
const { y } = await session.run({ x: Float32Array.of(1, 2) });
const missing = await createSession(model, { backend: 'node' }).catch(({ code, hint }) => ({ code, hint }));
console.log(JSON.stringify({ backend: session.backend, warnings: session.warnings, y: [...y], missing }));
await session.dispose();
`;

it('runs on wasm, and says so, where onnxruntime-node is not installed; nothing else reaches stdout', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onnx-grad-'));
  try {
    const modules = join(folder, 'node_modules');
    const own = fileURLToPath(new URL('..', import.meta.url));
    await mkdir(modules);
    await cp(join(own, 'dist'), join(modules, 'onnx-grad/dist'), { recursive: true });
    await cp(join(own, 'package.json'), join(modules, 'onnx-grad/package.json'));
    const web = fileURLToPath(new URL('../..', import.meta.resolve('onnxruntime-web/wasm')));
    await symlink(join(web, 'onnxruntime-web'), join(modules, 'onnxruntime-web'));
    await writeFile(join(folder, 'program.mjs'), program);
    const run = spawnSync(process.execPath, [join(folder, 'program.mjs')], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({
      backend: 'wasm',
      warnings: ['onnxruntime-node cannot be loaded; running on wasm, about five times slower'],
      y: [2, 3],
      missing: { code: 'backend-missing', hint: expect.stringContaining('npm install onnxruntime-node') as string },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
