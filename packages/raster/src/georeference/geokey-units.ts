/** Metres of a linear unit by EPSG code. */
const linearUnits: Readonly<Record<number, number>> = {
  9001: 1,
  9002: 0.3048,
  9003: 1200 / 3937,
  9005: 0.3047972654,
  9014: 1.8288,
  9030: 1852,
  9036: 1000,
  9037: 0.9143917962,
  9039: 0.201166195164,
  9040: 0.914398414616029,
  9041: 0.304799471538676,
  9042: 20.1167651215526,
  9050: 0.914398553970127,
  9051: 0.304799517990042,
  9062: 20.1167825,
  9080: 0.304799510248147,
  9084: 0.914398530744441,
  9093: 1609.344,
  9094: 0.304799710181509,
  9095: 0.3048007491,
  9096: 0.9144,
  9097: 20.1168,
};

/** Degrees of an angular unit by EPSG code. */
const angularUnits: Readonly<Record<number, number>> = {
  9101: 180 / Math.PI,
  9102: 1,
  9103: 1 / 60,
  9104: 1 / 3600,
  9105: 0.9,
  9106: 0.9,
  9122: 1,
};

/** The value of a unit that the file defines itself. */
const userDefined = 32767;

/** Metres of a linear unit, which is metres where none is named; `size` is the file's own, null where it has none. Null of others. */
export function metresOf(code: number | null, size: number | null): number | null {
  if (code === userDefined) return size;
  return linearUnits[code ?? 9001] ?? null;
}

/** Degrees of an angular unit, which is degrees where none is named; `size` in radians. Null of others. */
export function degreesOf(code: number | null, size: number | null): number | null {
  if (code === userDefined) return size === null ? null : (size * 180) / Math.PI;
  return angularUnits[code ?? 9102] ?? null;
}
