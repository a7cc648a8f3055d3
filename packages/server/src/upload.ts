import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { ApiError, invalidInput } from './api-error.js';
import type { ServerOptions } from './server-options.js';

const endings = /\.(tiff?|png|jpe?g|webp)$/i;

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map((name) => stat(join(folder, name)).then(({ size }) => size)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Bytes of a folder's uploads, those that are coming in with them. */
const used = new Map<string, number>();

/** Counts what comes through, and lets no more through than the quota; what it counted can be given back. */
function counted(folder: string, quota: number): { readonly stream: Transform; readonly giveBack: () => void } {
  let own = 0;
  const add = (bytes: number): number => {
    own += bytes;
    const sum = (used.get(folder) ?? 0) + bytes;
    used.set(folder, sum);
    return sum;
  };
  const stream = new Transform({
    transform: (piece: Buffer, _, done) => {
      const over = add(piece.length) > quota;
      done(over ? new ApiError(413, 'ContentTooLarge', 'the uploads would take more than they may') : null, piece);
    },
  });
  return { stream, giveBack: () => void add(-own) };
}

/**
 * Keeps the one image of a multipart request, piece by piece, under a name of the server's own.
 *
 * @returns what inputs call it
 * @throws ApiError 400, 413
 */
export async function keepUpload(request: IncomingMessage, { output, uploadBytes }: ServerOptions): Promise<string> {
  const folder = join(output, 'uploads');
  await mkdir(folder, { recursive: true });
  // Counted once; what a server before this one left is there already.
  const before = used.has(folder) ? 0 : await bytesIn(folder);
  if (!used.has(folder)) used.set(folder, before);
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(contentType)) throw invalidInput('an upload is multipart/form-data with one file');
  const stop = new AbortController();
  const written: Promise<string>[] = [];
  const form = new Busboy({
    headers: { ...request.headers, 'content-type': contentType },
    limits: { files: 1, fields: 10 },
  });
  form.on('file', (_field, file, name) => {
    const [ending] = endings.exec(name) ?? [];
    if (ending === undefined) {
      file.resume();
      written.push(Promise.reject(invalidInput('images end with .tif, .png, .jpg or .webp')));
      return;
    }
    const path = join(folder, `${randomUUID()}${ending.toLowerCase()}`);
    const { stream, giveBack } = counted(folder, uploadBytes);
    const write = pipeline(file, stream, createWriteStream(path, { flags: 'wx' }), { signal: stop.signal }).then(
      () => path,
      async (error: unknown) => {
        await rm(path, { force: true });
        giveBack();
        throw error;
      },
    );
    // It is asked for below; until then a failure must not end the process.
    write.catch(() => {});
    written.push(write);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const broken = (): void => reject(invalidInput('the upload broke off'));
      form.on('finish', resolve).on('error', broken);
      form.on('file', () => void Promise.all(written).catch(reject));
      // A request that was read to its end closes as well.
      request.on('error', broken).on('close', () => request.complete || broken());
      request.pipe(form);
    });
  } catch (error) {
    // The rest is read and dropped, so that the client gets to hear why; a file that was begun is removed.
    request.unpipe(form);
    request.resume();
    stop.abort();
    form.destroy();
    await Promise.allSettled(written);
    throw error;
  }
  const [path] = await Promise.all(written);
  if (path === undefined) throw invalidInput('the upload holds no file');
  return `upload:${path.slice(folder.length + 1)}`;
}
