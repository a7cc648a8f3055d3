import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** PyTorch in a process of its own, answering how long steps took. */
export interface Rival extends AsyncDisposable {
  /** With the library its matrix products come from. */
  readonly version: string;
  /** Whether that library is a fast one; Debian's reference BLAS is ten times slower than OpenBLAS. */
  readonly fast: boolean;
  /** Seconds that `steps` steps of a case took. */
  time(name: string, phase: 'forward' | 'train', steps: number): Promise<number>;
}

const python = '/usr/bin/python3';

/** Starts PyTorch; `undefined` where it is not installed (Debian: `apt-get install python3-torch`). */
export async function startPyTorch(threads: number): Promise<Rival | undefined> {
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) return undefined;
  // The script is not compiled, so it lies beside the source of this file.
  const script = fileURLToPath(new URL('../../src/onnx-grad/pytorch.py', import.meta.url));
  const child: ChildProcess = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const line = await answers.next();
    if (line.done) throw new Error('PyTorch ended early');
    return JSON.parse(line.value) as T;
  };
  const { version, blas } = await answer<{ version: string; blas: string }>();
  return {
    version: `${version} (${blas})`,
    fast: /openblas|mkl|blis/i.test(blas),
    async time(name, phase, steps) {
      child.stdin!.write(`${JSON.stringify({ case: name, phase, steps })}\n`);
      return (await answer<{ seconds: number }>()).seconds;
    },
    async [Symbol.asyncDispose]() {
      child.stdin!.end();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
