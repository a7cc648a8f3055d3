import type { Actions } from './actions.js';
import { exampleNames, openExample } from './examples.js';

/** Opens the example that the page's address asks for (`?example=elevation`), and registers it where that is asked too (`&register`). */
export async function openAsked(actions: Actions, asked: URLSearchParams): Promise<void> {
  const name = exampleNames.find((known) => known === asked.get('example'));
  if (name === undefined) return;
  await openExample(actions, name);
  if (asked.has('register')) await actions.register();
}
