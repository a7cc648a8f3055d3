import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Whether the tests in a browser can run. */
export const hasBrowser: boolean = existsSync(executablePath);
if (!hasBrowser) process.stderr.write('Chromium is not installed: the viewer is not tested in a browser\n');

/** A busy machine starts a browser slowly, ms. */
export const patience = 120_000;

/** How long one step may take, ms: less than a test, so that the step that failed is named. */
export const stepPatience = 80_000;

/** The folder of the built page. */
export const builtPage: string = fileURLToPath(new URL('../../dist/page/', import.meta.url));

const cli = fileURLToPath(new URL('../../../tiepoint/bin/tiepoint.js', import.meta.url));

/** Starts Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--headless'], timeout: patience });
}

/** A running `tiepoint view`. */
export interface Viewing extends Disposable {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Runs `tiepoint view` on files. */
export async function view(...files: readonly string[]): Promise<Viewing> {
  const child = spawn(process.execPath, [cli, 'view', '--no-open', ...files], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.once('exit', () => reject(new Error(complaint)));
  });
  return { url, process: child, [Symbol.dispose]: () => void child.kill() };
}

/** What a browser says of how it is tested, and of how OpenLayers asks what is under the pointer. */
const noise = /Service Worker registration blocked by Playwright|willReadFrequently/;

/** Opens a page that notes what it complains of; with `serviceWorkers: 'block'` none can isolate it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: Pick<BrowserContextOptions, 'serviceWorkers'> = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(stepPatience);
  const complaints: string[] = [];
  page.on('console', (message) => {
    const serious = message.type() === 'error' || message.type() === 'warning';
    if (serious && !noise.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** Presses Register and waits for what comes of it: the verdict. */
export async function register(page: Page): Promise<string | null> {
  await page.locator('#register:not([disabled])').click();
  await page.locator('[data-verdict]').waitFor({ timeout: patience });
  return page.locator('[data-verdict]').getAttribute('data-verdict');
}

/** Where an element is once the page has laid itself out: at the same place in five frames one after another. */
export async function restingBox(
  page: Page,
  selector: string,
): Promise<{ x: number; y: number; width: number; height: number }> {
  return page.locator(selector).evaluate(async (element) => {
    let last = '';
    for (let same = 0; same < 5;) {
      await new Promise(requestAnimationFrame);
      const { x, y, width, height } = element.getBoundingClientRect();
      const now = [x, y, width, height].join();
      same = now === last ? same + 1 : 0;
      last = now;
    }
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  });
}

/** Chromium drops downloads without a word where more than ten begin within about a second. */
const downloads = { most: 8, within: 2000 } as const;
const begun: number[] = [];

/** Waits until another download may begin. */
async function untilAllowed(): Promise<void> {
  const first = begun.at(-downloads.most) ?? -Infinity;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, first + downloads.within - performance.now())));
  begun.push(performance.now());
}

/** What a button of the export saves. */
export async function exported(page: Page, what: string): Promise<Buffer> {
  await untilAllowed();
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-export=${what}]`).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
