export { createApp } from './app.js';
export { type JobService, openJobService } from './job-service.js';
export type { ServerOptions } from './server-options.js';
