/** Said in this tab, so that a page that cannot be isolated is not loaded for ever. */
const mark = 'tiepoint-isolating';

/** Keeps the page for when there is no network, and loads it again once where that isolates it. */
export async function registerOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('./service-worker.js');
  } catch {
    // Some hosts and private windows have none: the page works without.
    return;
  }
  await navigator.serviceWorker.ready;
  if (crossOriginIsolated || sessionStorage.getItem(mark) !== null) return;
  sessionStorage.setItem(mark, 'tried');
  location.reload();
}
