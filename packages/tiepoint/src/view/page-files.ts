import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TiepointError } from '@tiepoint/geometry';

/** Where the page should lie; null where its package is not installed. */
function resolved(): string | null {
  try {
    return fileURLToPath(import.meta.resolve('@tiepoint/viewer/page/index.html'));
  } catch {
    return null;
  }
}

/**
 * The folder of the viewer's page, as it was built.
 * @throws TiepointError `viewer-missing`
 */
export function pageFolder(): string {
  const index = resolved();
  if (index !== null && existsSync(index)) return dirname(index);
  throw new TiepointError('viewer-missing', 'the page of the viewer has not been built', {
    hint: 'In a checkout run `npm run build`; otherwise install the package again.',
    value: index,
  });
}
