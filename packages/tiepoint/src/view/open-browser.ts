import { spawn } from 'node:child_process';

/** What opens an address on each system. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // The empty text is the window's title: the first argument in quotation marks would be taken for it.
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens an address in the person's browser; does nothing where there is none. */
export function openBrowser(url: string): void {
  const [command, ...first] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...first, url], { stdio: 'ignore', detached: true });
  // Where it cannot be opened the address that was printed is opened by hand.
  child.on('error', () => {});
  child.unref();
}
