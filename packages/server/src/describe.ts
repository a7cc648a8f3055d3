import { z } from '@hono/zod-openapi';
import type { Process } from './processes.js';
import type { ServerJob } from './job-store.js';

/** A link of OGC API's. */
interface ApiLink {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
}

const json = 'application/json';
const version = '1.0.0';

/** Links are relative to the server's root, which only its proxy may know. */
const link = (href: string, rel: string, type = json, title?: string): ApiLink => ({
  href,
  rel,
  type,
  ...(title === undefined ? {} : { title }),
});

/** The landing page. */
export function landingPage(hasViewer: boolean): object {
  return {
    title: 'tiepoint',
    description: 'Registers satellite and aerial images across sensors, and says how far the answer may be trusted.',
    links: [
      link('/', 'self'),
      link('/api', 'service-desc', 'application/vnd.oai.openapi+json;version=3.0'),
      link('/docs', 'service-doc', 'text/html'),
      link('/conformance', 'http://www.opengis.net/def/rel/ogc/1.0/conformance'),
      link('/processes', 'http://www.opengis.net/def/rel/ogc/1.0/processes'),
      link('/jobs', 'http://www.opengis.net/def/rel/ogc/1.0/job-list'),
      ...(hasViewer ? [link('/viewer/', 'alternate', 'text/html')] : []),
    ],
  };
}

/** What of the standard is met. */
export const conformance = {
  conformsTo: ['core', 'ogc-process-description', 'json', 'html', 'oas30', 'job-list', 'dismiss'].map(
    (name) => `http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/${name}`,
  ),
};

/** A process as it stands in the list. */
export function processSummary({ id, title, description }: Process): object {
  return {
    id,
    title,
    description,
    version,
    jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
    outputTransmission: ['value', 'reference'],
    links: [link(`/processes/${id}`, 'self')],
  };
}

/** A process with its inputs and outputs. */
export function processDescription(process: Process): object {
  const { properties = {}, required = [] } = z.toJSONSchema(process.inputs, { io: 'input', unrepresentable: 'any' });
  const inputs = Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string };
    const few = required.includes(name) ? {} : { minOccurs: 0 };
    return [name, { title: name, ...(description === undefined ? {} : { description }), ...few, schema: rest }];
  });
  const outputs = Object.entries(process.outputs).map(([name, { title, mediaType }]) => [
    name,
    {
      title,
      schema:
        mediaType === json
          ? { type: 'object', contentMediaType: json }
          : { type: 'string', contentMediaType: mediaType },
    },
  ]);
  return {
    ...processSummary(process),
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
    links: [
      link(`/processes/${process.id}`, 'self'),
      link(`/processes/${process.id}/execution`, 'http://www.opengis.net/def/rel/ogc/1.0/execute'),
    ],
  };
}

type Status = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

/** How a job stands, in the standard's words; a refusal is a result. */
export function statusOfJob({ dismissed, record, started }: ServerJob): Status {
  if (dismissed) return 'dismissed';
  if (record !== null) return [0, 4, 5].includes(record.status) ? 'successful' : 'failed';
  return started === null ? 'accepted' : 'running';
}

/** A job as clients see it. */
export function statusInfo(job: ServerJob): object {
  const status = statusOfJob(job);
  const { id, process, created, started, record } = job;
  const message = record?.error?.message ?? record?.outcome?.reasons.join('; ');
  const ended = status === 'successful' || status === 'failed';
  return {
    processID: process,
    type: 'process',
    jobID: id,
    status,
    ...(message === undefined ? {} : { message }),
    created,
    ...(started === null ? {} : { started }),
    ...(record === null ? {} : { finished: record.time, updated: record.time }),
    progress: ended ? 100 : 0,
    links: [
      link(`/jobs/${id}`, 'self'),
      ...(ended ? [link(`/jobs/${id}/results`, 'http://www.opengis.net/def/rel/ogc/1.0/results')] : []),
    ],
  };
}
