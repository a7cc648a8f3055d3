import { loadSigner } from '@tiepoint/catalog';
import { createEngine, type Engine } from '@tiepoint/matching';
import type { ChildMessage, JobMessage } from './messages.js';
import { runJob } from './run-job.js';

/*
 * A child process of the pool. It keeps the engine, with the graphs it has built, from job to job: that is most of what a pair costs
 * in a process of its own. It lives as long as the process that made it.
 */

const threads = Number(process.argv[2] ?? 1);
/** Resident bytes from which the graphs of earlier shapes are given up. */
const roomy = Number(process.argv[3] ?? 1e9);

// Ctrl-C reaches the whole group of the terminal; the parent decides what it means for the jobs that run.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const send = (message: ChildMessage): void => void process.send?.(message);

let engine: Engine = createEngine({ threads });

async function onJob({ job }: JobMessage): Promise<void> {
  send(await runJob(job, engine));
  if (process.memoryUsage.rss() > roomy) {
    await engine.dispose();
    engine = createEngine({ threads });
  }
}

const signer = process.argv[4];
if (signer !== undefined) await loadSigner(signer);

process.on('message', (message) => void onJob(message as JobMessage));
send({ kind: 'ready' });
