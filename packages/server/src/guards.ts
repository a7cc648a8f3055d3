import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './api-error.js';
import type { ServerOptions } from './server-options.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Where a token is set, lets nobody in without it; compared in a time that tells nothing of it. */
export function requireToken({ token }: ServerOptions): MiddlewareHandler {
  return async (context, next) => {
    if (token !== null) {
      const given = /^Bearer\s+(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
      if (!timingSafeEqual(digest(given), digest(token))) {
        context.header('www-authenticate', 'Bearer');
        throw new ApiError(401, 'Unauthorized', 'a token is needed: Authorization: Bearer …');
      }
    }
    await next();
  };
}

const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Without a token only this machine is let in, and of its browsers only pages of the server itself: a page of another site may
 * have its name lead to this address, and names itself in Host, or in Origin.
 */
export function requireLocal({ localOnly }: ServerOptions): MiddlewareHandler {
  return async (context, next) => {
    if (localOnly) {
      const origin = context.req.header('origin');
      const host = context.req.header('host') ?? '';
      if (!local.test(host)) throw new ApiError(421, 'MisdirectedRequest', 'the server answers to localhost only');
      if (origin !== undefined && origin !== `http://${host}`) {
        throw new ApiError(403, 'Forbidden', 'pages of other sites are not answered');
      }
    }
    await next();
  };
}

/** What every answer says to browsers. */
export function safeHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
  };
}
