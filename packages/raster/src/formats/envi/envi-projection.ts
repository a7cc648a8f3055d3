/** Parameters of `projection info` after its number and the ellipsoid's two axes. */
type Words = (p: readonly number[]) => string;

const central = (name: string): Words => {
  return ([lat, lon, x, y]) => `+proj=${name} +lat_0=${lat} +lon_0=${lon} +x_0=${x} +y_0=${y}`;
};
const conic = (name: string): Words => {
  return ([lat, lon, x, y, one, two]) =>
    `+proj=${name} +lat_1=${one} +lat_2=${two} +lat_0=${lat} +lon_0=${lon} +x_0=${x} +y_0=${y}`;
};
const scaled = (name: string): Words => {
  return (p) => `${central(name)(p)} +k=${p[4]}`;
};

/** ENVI's numbers of projections, as GDAL reads them. */
const projections: Readonly<Record<number, readonly [count: number, Words]>> = {
  3: [5, scaled('tmerc')],
  4: [6, conic('lcc')],
  6: [5, scaled('stere')],
  9: [6, conic('aea')],
  10: [4, central('poly')],
  11: [4, central('laea')],
  12: [4, central('aeqd')],
  31: [
    4,
    ([lat, lon, x, y]) => `+proj=stere +lat_0=${lat! < 0 ? -90 : 90} +lat_ts=${lat} +lon_0=${lon} +x_0=${x} +y_0=${y}`,
  ],
};

/** The system of ENVI's `projection info` as a PROJ string; null of projections that are not known here. */
export function enviProjection(info: readonly string[]): string | null {
  const [kind, a, b, ...rest] = info.map(Number) as [number, number, number, ...number[]];
  const [count, words] = projections[kind] ?? [0, null];
  const parameters = rest.slice(0, count);
  if (words === null || parameters.length < count || ![a, b, ...parameters].every(Number.isFinite)) return null;
  const isWgs84 = info.some((part) => /^wgs-?84$/i.test(part));
  const isNad83 = info.some((part) => /^north america 1983$|^nad-?83$/i.test(part));
  const datum = isWgs84 ? '+datum=WGS84' : isNad83 ? '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0' : `+a=${a} +b=${b}`;
  return `${words(parameters)} ${datum} +units=m +no_defs`;
}
