import type { JobLimits } from '@tiepoint/batch';

/** What a server is told; nothing here has a default, so that no part of it is safe or unsafe unseen. */
export interface ServerOptions {
  /** The folder that inputs lie in; null where only URLs are read. Absolute, without symbolic links. */
  readonly data: string | null;
  /** The folder that jobs, results and uploads are kept in. Absolute, without symbolic links. */
  readonly output: string;
  readonly limits: JobLimits;
  /** Required of every request where not null. */
  readonly token: string | null;
  /** Whether requests must name this machine in their Host header, as browsers of it do. */
  readonly localOnly: boolean;
  /** Jobs of one client that have not ended. */
  readonly jobsPerClient: number;
  /** Bytes of the body of a request that asks for a job. */
  readonly bodyBytes: number;
  /** Bytes of all uploads together. */
  readonly uploadBytes: number;
  /** How long a request may wait for its result before it is handed a job instead, ms. */
  readonly syncPatience: number;
}
