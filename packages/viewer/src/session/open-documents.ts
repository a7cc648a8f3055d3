import { openPair } from '../state/state.js';
import type { ViewerStore } from '../state/viewer-store.js';
import type { Client } from '../worker/client.js';
import type { ImageSource } from '../worker/image-source.js';
import type { DocumentRequest, NamedImage, ReadDocument } from '../worker/read-document.js';
import type { Role, TilesHandlers } from '../worker/tiles-worker.js';
import { failureIn } from './failure-in.js';
import { words } from '../words.js';

/** What opening is done with. */
interface Openers {
  readonly open: (role: Role, source: ImageSource) => Promise<void>;
  readonly openSolution: (text: string, name: string) => void;
}

/** How files and addresses are opened. */
export interface OpenDocuments {
  /** Files that were dropped or chosen: images, STAC items, a solution. */
  readonly openFiles: (files: readonly File[], role?: Role) => Promise<void>;
  /** A web address of an image, of a STAC item or of a solution. */
  readonly openAddress: (url: string, role: Role) => Promise<void>;
}

type Solution = Extract<ReadDocument, { kind: 'solution' }>;

const roles: readonly Role[] = ['reference', 'sensed'];
const isDocument = (name: string): boolean => /\.(geo)?json$/i.test(name);
const baseName = (name: string): string => name.split(/[/\\]/).pop() ?? name;

/** Whether an address is one of a document: by its ending, or as STAC's servers have them. */
function isDocumentAddress(url: string): boolean {
  const { pathname } = new URL(url);
  return isDocument(pathname) || /\/items\/[^/.]+$/.test(pathname);
}

function nameOfUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split('/').pop() ?? url) || url;
}

/** The sources of images, by role: those that a solution names by their names, the others in order. */
function byRole(
  sources: readonly ImageSource[],
  solution: Solution | null,
  first: Role,
): Partial<Record<Role, ImageSource>> {
  const found: Partial<Record<Role, ImageSource>> = {};
  const left = [...sources];
  for (const role of roles) {
    const named = solution?.[role] ?? null;
    if (named === null) continue;
    const at = left.findIndex(({ name }) => baseName(name) === baseName(named.name));
    if (at >= 0) found[role] = left.splice(at, 1)[0]!;
  }
  const order = sources.length > 1 || solution !== null ? roles : [first];
  for (const role of order) if (found[role] === undefined && left.length > 0) found[role] = left.shift()!;
  return found;
}

/** Where a solution says that the images which are not open yet can be read. */
function named(solution: Solution | null, isMissing: (role: Role) => boolean): Partial<Record<Role, ImageSource>> {
  return Object.fromEntries(
    roles.flatMap((role) => {
      const source = solution?.[role]?.source ?? null;
      return source === null || !isMissing(role) ? [] : [[role, source]];
    }),
  );
}

/** What the page does with files and addresses that may be documents. */
export function createOpenDocuments(
  store: ViewerStore,
  tiles: Client<TilesHandlers>,
  { open, openSolution }: Openers,
): OpenDocuments {
  const isOpen = (role: Role): boolean => store.state.images[role].status === 'open';
  const read = (request: DocumentRequest): Promise<ReadDocument> => tiles.call('document', request);
  /** Opens images, then the solution: opening takes away what was there before. */
  const openAll = async (
    documents: readonly (readonly [ReadDocument, string])[],
    images: readonly ImageSource[],
    role: Role,
  ): Promise<void> => {
    const solutions = documents.flatMap(([document, name]) =>
      document.kind === 'solution' ? [{ document, name }] : [],
    );
    const solution = solutions[0] ?? null;
    const sources = [...images, ...documents.flatMap(([d]) => (d.kind === 'images' ? d.images : []))];
    const given = byRole(sources, solution?.document ?? null, role);
    const missing = (one: Role): boolean => given[one] === undefined && !isOpen(one);
    const all = { ...named(solution?.document ?? null, missing), ...given };
    await Promise.all(roles.flatMap((one) => (all[one] === undefined ? [] : [open(one, all[one])])));
    if (solution === null) return;
    if (openPair(store.state) !== null) openSolution(solution.document.text, solution.name);
    else
      store.dispatch('noticed', {
        notice: words.notice.unopened(
          roles.filter((one) => !isOpen(one)).map((one) => nameOf(solution.document[one], one)),
        ),
      });
  };
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    store.dispatch('noticed', { notice: null });
    try {
      await run();
    } catch (error) {
      store.dispatch('noticed', { notice: failureIn(error) });
    }
  };
  return {
    openFiles: (files, role) =>
      attempt(async () => {
        if (files.length === 0) store.dispatch('noticed', { notice: words.notice.noFile });
        const texts = files.filter(({ name }) => isDocument(name));
        const documents = await Promise.all(
          texts.map(async (file) => [await read({ name: file.name, text: await file.text() }), file.name] as const),
        );
        const images = files.filter((file) => !texts.includes(file)).slice(0, 2);
        const sources = images.map((file) => ({ kind: 'file', name: file.name, file }) as const);
        await openAll(documents, sources, role ?? (isOpen('reference') ? 'sensed' : 'reference'));
      }),
    openAddress: (url, role) =>
      attempt(async () => {
        const name = nameOfUrl(url);
        if (isDocumentAddress(url)) await openAll([[await read({ name, url }), name]], [], role);
        else await open(role, { kind: 'url', name, url });
      }),
  };
}

function nameOf(image: NamedImage | null, role: Role): string {
  return image === null ? words.open[role].toLowerCase() : baseName(image.name);
}
