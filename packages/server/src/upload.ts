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

/** Lets no more through than is left. */
function atMost(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform: (piece: Buffer, _, done) => {
      left -= piece.length;
      done(left < 0 ? new ApiError(413, 'ContentTooLarge', 'the uploads would take more than they may') : null, piece);
    },
  });
}

/** Uploads write one after another, so that together they keep within the quota. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Keeps the one image of a multipart request, piece by piece, under a name of the server's own.
 *
 * @returns what inputs call it
 * @throws ApiError 400, 413
 */
export function keepUpload(request: IncomingMessage, options: ServerOptions): Promise<string> {
  const kept = turn.then(() => keep(request, options));
  turn = kept.catch(() => {});
  return kept;
}

async function keep(request: IncomingMessage, { output, uploadBytes }: ServerOptions): Promise<string> {
  const folder = join(output, 'uploads');
  await mkdir(folder, { recursive: true });
  const left = uploadBytes - (await bytesIn(folder));
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(contentType)) throw invalidInput('an upload is multipart/form-data with one file');
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
    const write = pipeline(file, atMost(left), createWriteStream(path, { flags: 'wx' })).then(
      () => path,
      async (error: unknown) => {
        // The rest is read and dropped, so that the client gets to hear why.
        file.resume();
        await rm(path, { force: true });
        throw error;
      },
    );
    // It is asked for below; until then a failure must not end the process.
    write.catch(() => {});
    written.push(write);
  });
  await new Promise<void>((resolve, reject) => {
    const broken = (): void => reject(invalidInput('the upload broke off'));
    form.on('finish', resolve).on('error', broken);
    // A request that was read to its end closes as well.
    request.on('error', broken).on('close', () => request.complete || broken());
    request.pipe(form);
  }).catch(async (error: unknown) => {
    form.destroy();
    await Promise.allSettled(written);
    throw error;
  });
  const [path] = await Promise.all(written);
  if (path === undefined) throw invalidInput('the upload holds no file');
  return `upload:${path.slice(folder.length + 1)}`;
}
