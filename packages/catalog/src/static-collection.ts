import type { StacCollection, StacItem } from 'stac-ts';

/** A collection that lies beside the folder of its items, as stac-browser and other readers open it. */
export function staticCollection(id: string, description: string, items: readonly StacItem[]): StacCollection {
  const boxes = items.flatMap(({ bbox }) => (bbox === undefined ? [] : [bbox as readonly number[]]));
  const edge = (pick: (values: number[]) => number, i: number, otherwise: number): number =>
    boxes.length === 0 ? otherwise : pick(boxes.map((box) => box[i]!));
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  const times = items.map(({ properties }) => String(properties.datetime)).toSorted();
  return {
    type: 'Collection',
    stac_version: '1.0.0',
    stac_extensions: [],
    id,
    title: id,
    description,
    license: 'proprietary',
    extent: {
      spatial: { bbox: [[edge(least, 0, -180), edge(least, 1, -90), edge(most, 2, 180), edge(most, 3, 90)]] },
      temporal: { interval: [[times[0] ?? null, times.at(-1) ?? null]] },
    },
    links: [
      { rel: 'root', href: './collection.json', type: 'application/json' },
      ...items.map((item) => ({
        rel: 'item',
        href: `./items/${encodeURIComponent(item.id)}.json`,
        type: 'application/geo+json',
        title: item.id,
      })),
    ],
  } as StacCollection;
}
