import { TiepointError } from '@tiepoint/geometry';
import { type Environment, isOn } from '../environment.js';

/** No file of profiles is larger, bytes. */
const mostBytes = 1024 * 1024;

/**
 * The environment with the keys and region of a profile where it holds none itself: `AWS_PROFILE` (else `default`) of
 * `~/.aws/credentials` and `~/.aws/config`, or of the files that `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` name.
 * @throws {TiepointError} `invalid-option` for a profile that is named and does not hold keys.
 */
export async function withAwsProfile(environment: Environment): Promise<Environment> {
  const isNode = typeof process !== 'undefined' && process.versions?.node;
  if (!isNode || environment['AWS_ACCESS_KEY_ID'] || isOn(environment, 'AWS_NO_SIGN_REQUEST')) return environment;
  const [{ join }, { homedir }] = [await import('node:path'), await import('node:os')];
  const home = environment['HOME'] || environment['USERPROFILE'] || homedir();
  const named = environment['AWS_PROFILE'] || environment['AWS_DEFAULT_PROFILE'];
  const name = named || 'default';
  const secrets = await sectionOf(environment['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials'), [
    name,
  ]);
  const settings = await sectionOf(environment['AWS_CONFIG_FILE'] || join(home, '.aws', 'config'), [
    `profile ${name}`,
    name,
  ]);
  const item = (key: string): string | undefined => secrets.get(key) ?? settings.get(key);
  const [id, secret, region] = [item('aws_access_key_id'), item('aws_secret_access_key'), item('region')];
  if (!id || !secret) {
    if (!named) return environment;
    throw new TiepointError('invalid-option', `the AWS profile ${name} holds no keys`, {
      hint: 'Profiles that sign in or take roles are not read: aws configure export-credentials --format env gives keys for the environment. To ask without keys set AWS_NO_SIGN_REQUEST=YES.',
      value: name,
    });
  }
  const token = item('aws_session_token');
  const own = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  return {
    ...environment,
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: token,
    ...(own || !region ? {} : { AWS_REGION: region }),
  };
}

/** The items of the first of some sections of an INI file; empty where there is none. */
async function sectionOf(path: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { open } = await import('node:fs/promises');
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return new Map();
  await using file = handle;
  if ((await file.stat()).size > mostBytes) return new Map();
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of (await file.readFile('utf8')).split(/\r?\n/)) {
    const title = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (title !== undefined) sections.set(title, (section = new Map()));
    // Lines that are indented belong to the one above.
    const item = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (item) section.set(item[1]!.toLowerCase(), item[2]!);
  }
  return names.map((name) => sections.get(name)).find((found) => found !== undefined) ?? new Map<string, string>();
}
