import type { RegisterFlags } from 'tiepoint/cli';
import type { RowSource } from '../manifest/row.js';

/** What a job writes, as absolute paths. `solution` is written last and is the mark that the job is done. */
export interface JobOutputs {
  readonly output?: string | undefined;
  readonly accuracy?: string | undefined;
  readonly points?: string | undefined;
  readonly report?: string | undefined;
  readonly solution: string;
}

/** Bounds of a job that a stranger asked for. */
export interface JobLimits {
  /** Hosts that images may be read from, by their addresses that are public. */
  readonly hosts: readonly string[];
  /** The most pixels of an image. */
  readonly pixels: number;
}

/** One pair to be registered: plain data that can cross to another process or machine. */
export interface Job {
  /** SHA-256 of tool, weights, options and inputs. */
  readonly id: string;
  /** For people: the name of the sensed image, unless two have the same. */
  readonly name: string;
  /** Where the manifest names it. */
  readonly place: string;
  /** Paths (absolute) or URLs. */
  readonly reference: string;
  readonly sensed: string;
  /** The options of `register`, without the outputs. */
  readonly flags: RegisterFlags;
  readonly outputs: JobOutputs;
  /** Where pictures before and after go, without their endings; absent where none are wanted. */
  readonly thumbnails?: string | undefined;
  readonly source?: RowSource | undefined;
  /** Another command than `register`; its flags stand in `flags`, and its document goes to `outputs.solution`. */
  readonly process?: 'match' | 'warp' | 'assess' | undefined;
  /** What a job that a stranger asked for may do; everything where absent. */
  readonly limits?: JobLimits | undefined;
}

/** The paths of outputs that are named, the solution last. */
export function outputPaths({ solution, ...others }: JobOutputs): readonly string[] {
  return [...Object.values(others).filter((path): path is string => path !== undefined), solution];
}
