import type { Measurement } from '../evidence/evidence.js';
import type { FitBasis } from '../mend/fit-basis.js';
import type { FileModel } from '../model/file-model.js';
import type { Judgement } from '../verdict/judge.js';

/** What became of a task: nothing, or a transform with what speaks for it and against it. Lengths are px of the files. */
export type TaskResult = Judgement & { readonly method: string } & (
    | { readonly found: false }
    | ({
        readonly found: true;
        /** Names the weights of the networks whose keypoints the geometry came from. */
        readonly keypointWeights: string | undefined;
        /** Also there when the verdict is `refuse`: nobody should use it then, but a bench may look. */
        readonly model: FileModel;
        /** What it rests on, to be fitted and judged again. */
        readonly basis: FitBasis;
      } & Measurement)
  );
