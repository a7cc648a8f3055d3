// Keeps the page for when there is no network, and isolates it where the server sends no headers for that: threads need it.

/** The part of a service worker's global scope that is used; the compiler is told of pages only. */
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as ServiceWorkerScope;

/** What a build lists: the files of the page, and a name that changes with them. */
interface PageFiles {
  readonly version: string;
  readonly files: readonly string[];
}

const prefix = 'tiepoint-page-';

async function pageFiles(): Promise<PageFiles> {
  const answer = await fetch('./page-files.json', { cache: 'no-store' });
  return (await answer.json()) as PageFiles;
}

/** The cache of the newest page that was installed. */
async function currentCache(): Promise<Cache> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  return caches.open(names.at(-1) ?? `${prefix}none`);
}

async function install(): Promise<void> {
  const { version, files } = await pageFiles();
  const cache = await caches.open(prefix + version);
  await cache.addAll([...files]);
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  const { version } = await pageFiles();
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== prefix + version);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** An answer as an isolated page may use it. */
function isolated(answer: Response): Response {
  if (answer.status === 0) return answer;
  const headers = new Headers(answer.headers);
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', 'require-corp');
  headers.set('cross-origin-resource-policy', 'same-origin');
  // These have no body that could be passed on.
  const body = [204, 205, 304].includes(answer.status) ? null : answer.body;
  return new Response(body, { status: answer.status, statusText: answer.statusText, headers });
}

/** Whether a file never changes under its name: it holds a hash. */
function isHashed(url: string): boolean {
  return url.startsWith(`${scope.registration.scope}assets/`);
}

/** From the cache what never changes, engine and networks too once they were wanted; the rest from the network while there is one. */
async function answer(request: Request): Promise<Response> {
  const cache = await currentCache();
  const kept = request.headers.has('range') ? undefined : await cache.match(request, { ignoreSearch: true });
  if (kept !== undefined && isHashed(request.url)) return isolated(kept);
  try {
    const fresh = await fetch(request);
    if (isHashed(request.url) && fresh.status === 200) await cache.put(request, fresh.clone());
    return isolated(fresh);
  } catch (error) {
    const page = request.mode === 'navigate' ? await cache.match('./index.html') : undefined;
    const found = kept ?? page;
    if (found === undefined) throw error;
    return isolated(found);
  }
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(scope.registration.scope)) event.respondWith(answer(request));
});
