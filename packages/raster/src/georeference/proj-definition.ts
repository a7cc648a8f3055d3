/** A PROJ string with the false origin spelled out: proj4 does not take what is missing for zero. Other texts as they are. */
export function withProjDefaults(definition: string): string {
  if (!definition.startsWith('+')) return definition;
  const missing = ['x_0', 'y_0', 'lat_0', 'lon_0'].filter((name) => !definition.includes(`+${name}=`));
  // UTM's origin follows from its zone, and krovak's from its own defaults.
  const kept = /\+proj=(utm|longlat|geocent|krovak|nzmg)\b/.test(definition) ? [] : missing;
  return [definition, ...kept.map((name) => `+${name}=0`)].join(' ');
}
