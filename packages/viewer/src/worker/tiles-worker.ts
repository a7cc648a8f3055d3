import { identity, type Transform } from '@tiepoint/geometry';
import {
  clearPrivateFiles,
  controlPointFormat,
  openWarpView,
  type RasterFile,
  type WarpResampling,
  warpToFile,
  type WarpView,
} from '@tiepoint/raster';
import {
  buildReport,
  chooseDisplay,
  type Display,
  type DisplayChoice,
  formatTiePoints,
  placementOfFiles,
  type ReportedResult,
  type TiePoint,
  toRgba,
} from 'tiepoint';
import { describeImage, type ImageInfo } from './image-info.js';
import { type ImageSource, openSource } from './image-source.js';
import { type ItemRequest, itemText } from './item-text.js';
import { type CallContext, Handover } from './protocol.js';
import { type DocumentRequest, readDocument, type ReadDocument } from './read-document.js';
import { serve } from './serve.js';
import { tileSide } from '../map/tile-side.js';

/** Which of both images. */
export type Role = 'reference' | 'sensed';

/** A tile of an image on the reference's grid. */
export interface TileRequest {
  readonly role: Role;
  /** Sensed pixels to reference pixels; null for the reference itself. */
  readonly transform: Transform | null;
  /** Reference px per px of the tile. */
  readonly reduction: number;
  readonly column: number;
  readonly row: number;
  readonly display: Display;
}

const open = new Map<Role, RasterFile>();
const views = new Map<string, Promise<WarpView>>();

async function viewOf({ role, transform, display }: TileRequest): Promise<WarpView | null> {
  const [reference, file] = [open.get('reference'), open.get(role)];
  if (reference === undefined || file === undefined) return null;
  const sensedToReference = transform ?? identity;
  const key = JSON.stringify([role, display.bands, sensedToReference]);
  let view = views.get(key);
  if (view === undefined) {
    view = openWarpView(file, { sensedToReference, reference }, { bands: display.bands });
    views.set(key, view);
  }
  return view;
}

/** How the sensed image is warped. */
interface WarpRequest {
  readonly transform: Transform;
  readonly resampling: WarpResampling;
  /** Metadata of the image. */
  readonly items: Readonly<Record<string, string>>;
}

/** The image that was warped last: its item follows it, and need not wait for another. */
let warped: { readonly key: string; readonly file: File } | null = null;

async function warpedFile(
  { transform, resampling, items }: WarpRequest,
  { signal, progress }: CallContext,
): Promise<File> {
  const key = JSON.stringify([transform, resampling, items]);
  if (warped?.key === key) return warped.file;
  warped = null;
  await clearPrivateFiles();
  const { file } = await warpToFile(open.get('sensed')!, {
    sensedToReference: transform,
    reference: open.get('reference')!,
    resampling,
    metadata: { '': items },
    signal,
    onProgress: ({ fraction }) => progress(String(Math.round(100 * fraction))),
  });
  warped = { key, file };
  return file;
}

const handlers = {
  /** Opens an image in a role, in place of the one before. */
  async open({ role, source }: { role: Role; source: ImageSource }, { signal }: CallContext): Promise<ImageInfo> {
    const file = await openSource(source, signal);
    const display = await chooseDisplay(file, undefined, signal);
    await open.get(role)?.close();
    open.set(role, file);
    views.clear();
    warped = null;
    return describeImage(file, display);
  },

  /** What a solution or a STAC item names. */
  async document(request: DocumentRequest, { signal }: CallContext): Promise<ReadDocument> {
    return readDocument(request, signal);
  },

  /** How an open image is shown where somebody chooses. */
  async display({ role, choice }: { role: Role; choice: DisplayChoice }): Promise<Display> {
    return chooseDisplay(open.get(role)!, choice);
  },

  /** Where the files alone place the sensed image. */
  async placement(): Promise<{ transform: Transform; by: 'georeference' | 'pixel' }> {
    return placementOfFiles(open.get('reference')!, open.get('sensed')!);
  },

  /** Tie points as a file of control points; its name's ending says of which format. */
  async points({ name, tiePoints }: { name: string; tiePoints: readonly TiePoint[] }): Promise<string> {
    const used = tiePoints.filter(({ off }) => !off);
    return formatTiePoints(controlPointFormat(name), used, open.get('reference')!, open.get('sensed')!);
  },

  /** The sensed image, all its bands, warped onto the reference's grid: a COG on disk. */
  async warp(request: WarpRequest, context: CallContext): Promise<File> {
    return warpedFile(request, context);
  },

  /** The STAC item of the warped image, as text. */
  async item(
    { warp, ...about }: Omit<ItemRequest, 'reference' | 'sensed' | 'warped'> & { readonly warp: WarpRequest },
    context: CallContext,
  ): Promise<string> {
    const warped = await warpedFile(warp, context);
    return itemText({ ...about, warped, reference: open.get('reference')!, sensed: open.get('sensed')! });
  },

  /** The report of a registration: a page that needs nothing beside itself. */
  async report({ result }: { result: ReportedResult }, { signal }: CallContext): Promise<string> {
    return buildReport(open.get('reference')!, open.get('sensed')!, result, { signal });
  },

  /** A picture as a PNG: here, as a page's own thread is let encode only while nothing else is to be done, which takes seconds. */
  async png({ picture }: { picture: ImageBitmap }): Promise<Blob> {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(picture);
    return canvas.convertToBlob({ type: 'image/png' });
  },

  /** A tile as a bitmap; null where nothing of the image lies on it. */
  async tile(request: TileRequest, { signal }: CallContext): Promise<Handover<ImageBitmap> | null> {
    const view = await viewOf(request);
    if (view === null) return null;
    const { column, row, reduction, display } = request;
    const window = { x: column * tileSide, y: row * tileSide, width: tileSide, height: tileSide };
    const warped = await view.read(window, reduction, signal);
    if (warped.validCount === 0) return null;
    const bitmap = await createImageBitmap(new ImageData(toRgba(warped, display), tileSide, tileSide));
    return new Handover(bitmap, [bitmap]);
  },
};

/** What the worker that reads images answers. */
export type TilesHandlers = typeof handlers;

serve(handlers);
