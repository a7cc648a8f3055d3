import type { Georeference } from '@tiepoint/raster';
import type { Actions } from './actions.js';

/** What `tiepoint view` serves: the files it was named. */
interface ServedFiles {
  /** False in the file that lies beside the page on any other server. */
  readonly served: boolean;
  readonly images: readonly {
    readonly role: 'reference' | 'sensed';
    /** The path as it was named. */
    readonly name: string;
    /** Relative to the page. */
    readonly url: string;
    readonly georeference: Georeference | null;
  }[];
  /** A solution file's text. */
  readonly solution: { readonly name: string; readonly text: string } | null;
}

/** Opens what `tiepoint view` was named; returns false where another server serves the page. */
export async function openServed({ open, openSolution }: Actions): Promise<boolean> {
  const answer = await fetch('./served.json').catch(() => null);
  if (answer === null || !answer.ok || !answer.headers.get('content-type')?.includes('json')) return false;
  const { served, images, solution } = (await answer.json()) as ServedFiles;
  await Promise.all(
    images.map(({ role, name, url, georeference }) =>
      open(role, { kind: 'url', name, url: new URL(url, document.baseURI).href, served: true, georeference }),
    ),
  );
  if (solution !== null) openSolution(solution.text, solution.name);
  return served;
}
