import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { getConnInfo } from '@hono/node-server/conninfo';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiError, noSuchJob, noSuchProcess, ogcException } from './api-error.js';
import { conformance, landingPage, processDescription, processSummary, statusInfo, statusOfJob } from './describe.js';
import { requireLocal, requireToken, safeHeaders } from './guards.js';
import { isOpen, type JobService } from './job-service.js';
import type { ServerJob } from './job-store.js';
import { docsHtml, docsScript, landingHtml } from './page.js';
import { type Process, processes } from './processes.js';
import { publicText } from './public-text.js';
import { routes } from './routes.js';
import type { ServerOptions } from './server-options.js';
import { keepUpload } from './upload.js';
import { viewerApp, viewerFolder } from './viewer.js';

type Bindings = { readonly Bindings: { readonly incoming: IncomingMessage } };

const processOf = (id: string): Process => {
  const found = processes.find((process) => process.id === id);
  if (found === undefined) throw noSuchProcess();
  return found;
};

/** What a job came to: documents as values, files as links. */
async function resultsOf(job: ServerJob, { store }: JobService): Promise<object> {
  const status = statusOfJob(job);
  if (status === 'failed') {
    throw new ApiError(500, job.record?.error?.code ?? 'failed', job.record?.error?.message ?? 'the job failed');
  }
  if (status !== 'successful') throw new ApiError(404, ogcException('result-not-ready'), `the job is ${status}`);
  const results: Record<string, unknown> = {};
  for (const [name, { file, mediaType }] of Object.entries(processOf(job.process).outputs)) {
    const path = join(store.folderOf(job.id), file);
    if (!existsSync(path)) continue;
    results[name] =
      mediaType === 'application/json'
        ? { value: JSON.parse(await readFile(path, 'utf8')) as unknown, mediaType }
        : { href: `/jobs/${job.id}/results/${name}`, type: mediaType };
  }
  return results;
}

/** A file that a job wrote; texts without paths of the machine. */
async function resultFile(
  job: ServerJob,
  name: string,
  service: JobService,
  options: ServerOptions,
): Promise<Response> {
  const { outputs } = processOf(job.process);
  const found = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  const path = found === undefined ? '' : join(service.store.folderOf(job.id), found.file);
  if (found === undefined || statusOfJob(job) !== 'successful' || !existsSync(path)) throw noSuchJob();
  const headers = {
    'content-type': found.mediaType,
    // A report is a page of scripts: it runs in a place of its own, where it can ask the server for nothing.
    'content-security-policy': 'sandbox allow-scripts',
    'content-disposition': `${found.mediaType === 'text/html' ? 'inline' : 'attachment'}; filename="${found.file}"`,
  };
  if (!found.mediaType.startsWith('image/')) {
    return new Response(publicText(await readFile(path, 'utf8'), options), { headers });
  }
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, { headers });
}

const wantsHtml = (context: Context): boolean => /text\/html/.test(context.req.header('accept') ?? '');

function clientOf(context: Context): string {
  return getConnInfo(context).remote.address ?? 'unknown';
}

function jobOf(service: JobService, id: string): ServerJob {
  const job = service.store.jobs.get(id);
  if (job === undefined) throw noSuchJob();
  return job;
}

/** Adds what the standard asks for. */
function addProcesses(
  app: OpenAPIHono<Bindings>,
  service: JobService,
  options: ServerOptions,
  hasViewer: boolean,
): void {
  const say = (context: Context, value: object, status: 200 | 201 = 200): Response =>
    context.body(publicText(JSON.stringify(value), options), status, { 'content-type': 'application/json' });
  // The documents are checked by the tests of the standard's classes; their types here would say each of them a second time.
  const as = (answer: Response | Promise<Response>): never => answer as never;

  app.openapi(routes.landing, (context) =>
    as(wantsHtml(context) ? context.html(landingHtml(hasViewer)) : say(context, landingPage(hasViewer))),
  );
  app.openapi(routes.conformance, (context) => as(say(context, conformance)));
  app.openapi(routes.health, (context) => {
    const open = [...service.store.jobs.values()].filter(isOpen);
    return as(say(context, { status: 'ok', open: open.length, running: open.filter(({ started }) => started).length }));
  });
  app.openapi(routes.processes, (context) =>
    as(say(context, { processes: processes.map(processSummary), links: [{ href: '/processes', rel: 'self' }] })),
  );
  app.get('/processes/:id', (context) => say(context, processDescription(processOf(context.req.param('id')))));
  app.post(
    '/processes/:id/execution',
    bodyLimit({ maxSize: options.bodyBytes, onError: tooLarge }),
    async (context) => {
      const process = processOf(context.req.param('id'));
      if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
        throw new ApiError(415, 'UnsupportedMediaType', 'a request is application/json');
      }
      const body: unknown = await context.req.json().catch(() => {
        throw new ApiError(400, 'InvalidParameterValue', 'the request is not JSON');
      });
      const inputs = typeof body === 'object' && body !== null && 'inputs' in body ? body.inputs : {};
      const job = await service.submit(process, inputs, clientOf(context));
      const later = /respond-async/i.test(context.req.header('prefer') ?? '');
      if (!later) await service.wait(job.id, options.syncPatience);
      if (later || isOpen(job)) {
        context.header('location', `/jobs/${job.id}`);
        if (later) context.header('preference-applied', 'respond-async');
        return say(context, statusInfo(job), 201);
      }
      return say(context, await resultsOf(job, service));
    },
  );
  app.openapi(routes.jobs, (context) => {
    const jobs = [...service.store.jobs.values()].toSorted((a, b) => b.created.localeCompare(a.created));
    return as(say(context, { jobs: jobs.map(statusInfo), links: [{ href: '/jobs', rel: 'self' }] }));
  });
  app.openapi(routes.job, (context) => as(say(context, statusInfo(jobOf(service, context.req.param('jobID'))))));
  app.openapi(routes.dismiss, (context) => as(say(context, statusInfo(service.dismiss(context.req.param('jobID'))))));
  app.openapi(routes.results, (context) =>
    as(resultsOf(jobOf(service, context.req.param('jobID')), service).then((results) => say(context, results))),
  );
  app.get('/jobs/:id/results/:name', (context) =>
    resultFile(jobOf(service, context.req.param('id')), context.req.param('name'), service, options),
  );
  app.post('/uploads', async (context) => {
    const href = await keepUpload(context.env.incoming, options);
    return say(context, { href }, 201);
  });
}

const tooLarge = (): never => {
  throw new ApiError(413, 'ContentTooLarge', 'the request is too large');
};

/** Adds the OpenAPI document and the page to try it on. */
function addDocumentation(app: OpenAPIHono<Bindings>): void {
  // These are checked by hand, to say more of what is wrong; the document has them all the same.
  app.openAPIRegistry.registerPath(routes.process);
  app.openAPIRegistry.registerPath(routes.execute);
  app.doc('/api', { openapi: '3.0.3', info: { title: 'tiepoint', version: '1.0.0' } });
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const files = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;
  for (const [file, type] of Object.entries(files)) {
    app.get(`/docs/${file}`, async (context) =>
      context.body(await readFile(join(assets, file)), 200, { 'content-type': type }),
    );
  }
  app.get('/docs/start.js', (context) => context.body(docsScript, 200, { 'content-type': 'text/javascript' }));
  app.get('/docs', (context) =>
    context.body(docsHtml, 200, {
      'content-type': 'text/html',
      'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    }),
  );
}

/** The server as an application: OGC API - Processes, Part 1, over jobs. */
export function createApp(service: JobService, options: ServerOptions): OpenAPIHono<Bindings> {
  const app = new OpenAPIHono<Bindings>();
  app.use(safeHeaders(), requireLocal(options), requireToken(options));
  app.onError((error, context) => {
    const known = error instanceof ApiError;
    const status = known ? error.status : 500;
    const detail = known ? publicText(error.message, options) : 'something went wrong in the server';
    const type = known ? error.type : 'InternalError';
    return context.json({ type, title: type.split('/').at(-1), status, detail }, status);
  });
  app.notFound((context) =>
    context.json({ type: 'NotFound', title: 'NotFound', status: 404, detail: 'there is nothing here' }, 404),
  );
  const viewer = viewerFolder();
  addProcesses(app, service, options, viewer !== null);
  if (viewer !== null) app.route('/', viewerApp(viewer));
  addDocumentation(app);
  return app;
}
