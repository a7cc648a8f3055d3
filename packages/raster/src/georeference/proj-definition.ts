/** Ellipsoids of PROJ that proj4 has no name for, or a wrong one, and would silently take for WGS 84. */
const ellipsoids: Readonly<Record<string, string>> = {
  WGS72: '+a=6378135 +rf=298.26',
  GSK2011: '+a=6378136.5 +rf=298.2564151',
  PZ90: '+a=6378136 +rf=298.25784',
  danish: '+a=6377019.2563 +rf=300',
  'APL4.9': '+a=6378137 +rf=298.25',
};

/**
 * A PROJ string for proj4, with what it does not fill in or know by name: the false origin, which it does not take for zero,
 * and some ellipsoids. Other texts as they are.
 */
export function withProjDefaults(definition: string): string {
  if (!definition.startsWith('+')) return definition;
  const missing = ['x_0', 'y_0', 'lat_0', 'lon_0'].filter((name) => !definition.includes(`+${name}=`));
  // UTM's origin follows from its zone, and krovak's from its own defaults.
  const kept = /\+proj=(utm|longlat|geocent|krovak|nzmg)\b/.test(definition) ? [] : missing;
  const shaped = definition.replace(/\+ellps=(\S+)/, (whole, name: string) => ellipsoids[name] ?? whole);
  return [shaped, ...kept.map((name) => `+${name}=0`)].join(' ');
}

/** Whether a PROJ string or WKT asks for a variant that proj4 would silently leave out. */
export function hasUnknownVariant(definition: string): boolean {
  return (
    /\+hyperbolic\b/.test(definition) ||
    // Its orthographic projection is that of a sphere.
    (/\+proj=ortho\b/.test(definition) && !isSphere(definition)) ||
    // Rotated poles.
    /\bDERIVINGCONVERSION\s*[[(]/i.test(definition)
  );
}

function isSphere(definition: string): boolean {
  const [a, b] = ['a', 'b'].map((name) => new RegExp(`\\+${name}=(\\S+)`).exec(definition)?.[1]);
  return /\+R=/.test(definition) || (a !== undefined && Number(a) === Number(b));
}
