import type { Actions } from './actions.js';

/** Pairs of images that come with the page. */
export const exampleNames = ['elevation', 'night-lights'] as const;
export type ExampleName = (typeof exampleNames)[number];

/** Opens an example's images. */
export async function openExample({ open }: Actions, name: ExampleName): Promise<void> {
  const urlOf = (file: string): string => new URL(`examples/${name}/${file}`, document.baseURI).href;
  await Promise.all([
    open('reference', { kind: 'url', name: `${name}/reference.tif`, url: urlOf('reference.tif'), served: true }),
    open('sensed', { kind: 'url', name: `${name}/sensed.tif`, url: urlOf('sensed.tif'), served: true }),
  ]);
}
