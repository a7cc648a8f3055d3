import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../tiepoint/bin/tiepoint.js', import.meta.url));

/** A document of the API, as far as tests look into it. */
export interface JsonObject {
  readonly [name: string]: unknown;
  readonly jobID: string;
  readonly status: string;
  readonly type: string;
  readonly openapi: string;
  readonly detail: string;
  readonly href: string;
  readonly paths: object;
  readonly inputs: object;
  readonly image: { readonly href: string };
  readonly report: { readonly href: string };
}

/** A server of the test's own, in a process of its own. */
export interface TestServer {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

/** Starts `tiepoint serve` on a free port. @throws Error with what it said, where it ends at once */
export async function startServer(args: readonly string[]): Promise<TestServer> {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /tiepoint: (http:\/\/\S+)\/\n/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then((status) => reject(new Error(`it ended with ${status}: ${said}`)));
  });
  return { url, child, ended };
}

/** Asks for JSON. */
export async function ask(
  url: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: JsonObject }> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text || '{}') as JsonObject };
}

/** Asks for a process to be run. */
export function execute(
  url: string,
  process: string,
  inputs: object,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<typeof ask> {
  return ask(`${url}/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ inputs }),
  });
}
