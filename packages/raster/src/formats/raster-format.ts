import { withoutComments } from '../georeference/xml-scan.js';
import type { ByteSource } from '../source/byte-source.js';
import type { OpenContext } from './beside.js';
import type { RasterContent } from './raster-content.js';

/** A format that images are read from; `rasterFormats` lists all. */
export interface RasterFormat {
  /** GDAL's short driver name. */
  readonly name: string;
  /** What it is to people; the table of docs/formats.md is made of these. */
  readonly about: FormatAbout;
  /** Whether a file with these first 2048 bytes is of it. */
  readonly sniff: (head: Uint8Array) => boolean;
  /** For formats whose files have nothing to tell them by: whether what lies beside the file makes it one. */
  readonly knowsByNeighbour?: (source: ByteSource, context: OpenContext) => Promise<boolean>;
  /** For products: the file by which a folder or an archive is opened. */
  readonly entry?: RegExp;
  /**
   * Opens the source, which is the content's from then on.
   * @throws {TiepointError} `file-truncated`, `file-corrupt`, `unsupported-format`, `image-too-large`.
   */
  readonly open: (source: ByteSource, context: OpenContext) => Promise<RasterContent>;
}

/** A format in words. */
interface FormatAbout {
  readonly title: string;
  /** What is named on the command line. */
  readonly names: string;
  /** What of it is read. */
  readonly reads: string;
  /** What of it is not; empty where nothing is missing. */
  readonly not: string;
}

/** Whether a file is XML whose outermost element begins so. */
export function isXmlOf(head: Uint8Array, element: RegExp): boolean {
  const text = withoutComments(headText(head)).replace(/^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>)?\s*/, '');
  return text.startsWith('<') && element.exec(text.slice(1))?.index === 0;
}

/** The first bytes as text of one character a byte. */
export function headText(head: Uint8Array): string {
  return Array.from(head, (byte) => String.fromCodePoint(byte)).join('');
}
