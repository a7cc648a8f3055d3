import { TiepointError } from '@tiepoint/geometry';
import { OnnxGradError } from 'onnx-grad';

/**
 * What a user of tiepoint is told where onnx-grad fails for a reason outside the program: the code, and a hint where onnx-grad has
 * none. Its other codes (`shape-mismatch`, `invalid-argument`, …) say that the program is wrong, and stay as they are.
 */
const translations: Readonly<Record<string, { readonly code: string; readonly hint: string }>> = {
  'backend-missing': {
    code: 'engine-unavailable',
    hint: 'install the package again; without onnxruntime-node the WebAssembly engine is used',
  },
  'run-failed': {
    code: 'engine-failed',
    hint: 'the machine may be short of memory: match at a smaller size, or close other programs',
  },
  'not-finite': { code: 'training-diverged', hint: 'a lower learning rate may help, or a look at the pairs' },
  'batch-failed': {
    code: 'no-samples',
    hint: 'the images may be too small for the side of the crops or the number of keypoints',
  },
  'invalid-checkpoint': {
    code: 'invalid-checkpoint',
    hint: 'name another folder, or remove the checkpoint to begin anew',
  },
  'missing-parameter': {
    code: 'invalid-checkpoint',
    hint: 'the checkpoint is of another network; name another folder',
  },
  'unknown-parameter': {
    code: 'invalid-checkpoint',
    hint: 'the checkpoint is of another network; name another folder',
  },
  'invalid-safetensors': { code: 'weights-invalid', hint: 'name a file that `tiepoint train` wrote' },
  unreadable: { code: 'file-unreadable', hint: 'check that the file exists and that you may read it' },
  unwritable: { code: 'output-unwritable', hint: 'check that the folder exists and that you may write to it' },
};

/** An error of onnx-grad as one of tiepoint where it is not the program's fault; any other error as it is. */
export function asTiepointError(error: unknown): unknown {
  if (!(error instanceof OnnxGradError)) return error;
  const translation = translations[error.code];
  if (translation === undefined) return error;
  const { code, hint } = translation;
  return new TiepointError(code, error.message, { hint: error.hint ?? hint, value: error.value, cause: error });
}
