/** Variables of the process; a browser has none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables as they are now. */
export function environmentNow(): Environment {
  return typeof process === 'undefined' ? {} : (process.env ?? {});
}

/** Whether a variable says yes in one of GDAL's words; what it is where it says nothing. */
export function isOn(environment: Environment, name: string, otherwise = false): boolean {
  const value = environment[name];
  return value === undefined || value === '' ? otherwise : /^(yes|true|on|1)$/i.test(value);
}
