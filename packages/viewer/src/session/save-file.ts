/** Hands a file to the browser to be saved. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The part of a file that a person chose which is written to. */
interface ChosenFile {
  createWritable(): Promise<WritableStream<Uint8Array>>;
}

/** Asks where a file is to go where the browser lets a page ask; null where it will be a download. */
export async function chooseTarget(suggestedName: string): Promise<ChosenFile | null> {
  const ask: unknown = Reflect.get(globalThis, 'showSaveFilePicker');
  // Browsers that are driven by a program show no dialog.
  if (typeof ask !== 'function' || navigator.webdriver) return null;
  return (ask as (options: { suggestedName: string }) => Promise<ChosenFile>)({ suggestedName });
}

/** Saves a file that lies on disk without reading it into memory. */
export async function saveTo(target: ChosenFile | null, file: File, name: string): Promise<void> {
  if (target === null) saveFile(file, name);
  else await file.stream().pipeTo(await target.createWritable());
}
