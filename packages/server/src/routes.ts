import { createRoute, z } from '@hono/zod-openapi';
import { processes } from './processes.js';

const anything = z.record(z.string(), z.unknown());
const exception = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .openapi('Exception');

const jobStatus = z
  .looseObject({
    processID: z.string(),
    type: z.literal('process'),
    jobID: z.string(),
    status: z.enum(['accepted', 'running', 'successful', 'failed', 'dismissed']),
    message: z.string().optional(),
    progress: z.int(),
  })
  .openapi('StatusInfo');

const json = (schema: z.ZodType, description: string) => ({ content: { 'application/json': { schema } }, description });
const wrong = {
  400: json(exception, 'What was asked for makes no sense'),
  401: json(exception, 'A token is needed'),
  404: json(exception, 'There is none'),
  429: json(exception, 'Too many jobs that have not ended'),
};

const processId = z.object({ processID: z.enum(processes.map(({ id }) => id)) });
const jobId = z.object({ jobID: z.string().max(64) });

/** What is asked of a process: its inputs differ from one to another. */
const execution = z
  .object({
    inputs: z.union(processes.map(({ inputs }) => inputs) as unknown as readonly [z.ZodType, z.ZodType]),
    response: z.enum(['document', 'raw']).optional(),
    outputs: anything.optional(),
  })
  .openapi('Execute');

const get = <P extends string>(path: P, summary: string) =>
  createRoute({ method: 'get', path, summary, responses: { 200: json(anything, summary) } });

export const routes = {
  landing: get('/', 'Landing page'),
  conformance: get('/conformance', 'What of the standard is met'),
  processes: get('/processes', 'All processes'),
  health: get('/health', 'Whether the server lives, and what it does'),
  process: createRoute({
    method: 'get',
    path: '/processes/{processID}',
    summary: 'A process with its inputs and outputs',
    request: { params: processId },
    responses: { 200: json(anything, 'The process'), 404: wrong[404] },
  }),
  execute: createRoute({
    method: 'post',
    path: '/processes/{processID}/execution',
    summary: 'Run a process: at once, or with `Prefer: respond-async` as a job',
    request: {
      params: processId,
      headers: z.object({ prefer: z.string().optional() }),
      // Checked by the process itself, which says more of what is wrong.
      body: { content: { 'application/json': { schema: execution } } },
    },
    responses: { 200: json(anything, 'The results'), 201: json(jobStatus, 'The job'), ...wrong },
  }),
  jobs: createRoute({
    method: 'get',
    path: '/jobs',
    summary: 'All jobs, the newest first',
    responses: { 200: json(z.object({ jobs: z.array(jobStatus), links: z.array(anything) }), 'The jobs') },
  }),
  job: createRoute({
    method: 'get',
    path: '/jobs/{jobID}',
    summary: 'How a job stands',
    request: { params: jobId },
    responses: { 200: json(jobStatus, 'The job'), 404: wrong[404] },
  }),
  dismiss: createRoute({
    method: 'delete',
    path: '/jobs/{jobID}',
    summary: 'End a job; one that has ended is removed with its results',
    request: { params: jobId },
    responses: { 200: json(jobStatus, 'The job as it was'), 404: wrong[404] },
  }),
  results: createRoute({
    method: 'get',
    path: '/jobs/{jobID}/results',
    summary: 'What a job came to',
    request: { params: jobId },
    responses: { 200: json(anything, 'The results'), 404: wrong[404] },
  }),
};
