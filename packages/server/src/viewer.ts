import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { TiepointError } from '@tiepoint/geometry';
import { Hono } from 'hono';
import { contentTypeOf, pageFile, pageFolder, pageHeaders } from 'tiepoint/cli';

/** The folder of the viewer's page; null where it has not been built. */
export function viewerFolder(): string | null {
  try {
    return pageFolder();
  } catch (error) {
    if (error instanceof TiepointError && error.code === 'viewer-missing') return null;
    throw error;
  }
}

/** The page of the viewer: it registers in the browser, and asks the server for nothing but itself. */
export function viewerApp(folder: string): Hono {
  const app = new Hono();
  app.get('/viewer', (context) => context.redirect('/viewer/'));
  app.get('/viewer/*', (context) => {
    const file = pageFile(folder, context.req.path.slice('/viewer'.length));
    if (file === null) return context.notFound();
    const headers = { ...pageHeaders, 'content-type': contentTypeOf(file) };
    return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, { headers });
  });
  return app;
}
