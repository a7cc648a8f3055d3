import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import { OnnxGradError } from './error.js';

/** The engine: `node` is native code (onnxruntime-node), `wasm` runs anywhere (onnxruntime-web), about five times slower. */
export type Backend = 'node' | 'wasm';

/** The part of ONNX Runtime both packages have. */
interface Ort {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly env: Env;
}

/** A loaded engine. */
export interface Runtime {
  readonly backend: Backend;
  readonly ort: Ort;
  readonly warnings: readonly string[];
}

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

async function loadNode(): Promise<Ort> {
  // The name is not a literal, so that bundlers for browsers do not follow it.
  const name = 'onnxruntime-node';
  const ort = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Ort;
  ort.env.logLevel = 'error';
  return ort;
}

async function importWeb(gpu: boolean): Promise<Ort> {
  // Only the main entry works in Node: it finds its binary beside itself, where the `wasm` entry tries to fetch it.
  const main = 'onnxruntime-web';
  if (inNode) return (await import(/* @vite-ignore */ /* webpackIgnore: true */ main)) as Ort;
  // Browsers load half as much with the `wasm` entry, which has no WebGPU.
  return (await (gpu ? import('onnxruntime-web') : import('onnxruntime-web/wasm'))) as unknown as Ort;
}

async function loadWasm(threads: number, gpu: boolean): Promise<Ort> {
  const ort = await importWeb(gpu);
  ort.env.logLevel = 'error';
  // Browsers allow threads only where the page is cross-origin isolated.
  const allowed = inNode || (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  ort.env.wasm.numThreads = allowed ? threads : 1;
  return ort;
}

/** Loads an engine; `auto` prefers the native one and says so in `warnings` where it has to do without. */
export async function loadRuntime(backend: Backend | 'auto', threads: number, gpu: boolean): Promise<Runtime> {
  const warnings: string[] = [];
  if (backend === 'node' || (backend === 'auto' && inNode)) {
    try {
      return { backend: 'node', ort: await loadNode(), warnings };
    } catch (cause) {
      if (backend === 'node') {
        const hint = 'npm install onnxruntime-node (where its install script fails: ONNXRUNTIME_NODE_INSTALL=skip)';
        throw new OnnxGradError('backend-missing', 'onnxruntime-node cannot be loaded', { hint, cause });
      }
      warnings.push('onnxruntime-node cannot be loaded; running on wasm, about five times slower');
    }
  }
  return { backend: 'wasm', ort: await loadWasm(threads, gpu), warnings };
}
