import type { SummaryRow } from './row.js';

/** RFC 7946 wants exterior rings counterclockwise. */
function counterclockwise(ring: NonNullable<SummaryRow['footprint']>): NonNullable<SummaryRow['footprint']> {
  let area = 0;
  for (let i = 0; i + 1 < ring.length; i++) area += ring[i]![0] * ring[i + 1]![1] - ring[i + 1]![0] * ring[i]![1];
  return area < 0 ? ring.toReversed() : ring;
}

/** Footprints in longitude and latitude with what is known of each pair; without a geometry where nothing says where it lies. */
export function geojsonSummary(rows: readonly SummaryRow[]): string {
  const features = rows.map(({ footprint, before: _before, after: _after, ...properties }) =>
    JSON.stringify({
      type: 'Feature',
      id: properties.id,
      geometry: footprint === null ? null : { type: 'Polygon', coordinates: [counterclockwise(footprint)] },
      properties,
    }),
  );
  return `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`;
}
