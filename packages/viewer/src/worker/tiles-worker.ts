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
import { chooseDisplay, type Display, formatTiePoints, placementOfFiles, type TiePoint, toRgba } from 'tiepoint';
import { describeImage, type ImageInfo } from './image-info.js';
import { type ImageSource, openSource } from './image-source.js';
import { type CallContext, Handover } from './protocol.js';
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

const handlers = {
  /** Opens an image in a role, in place of the one before. */
  async open({ role, source }: { role: Role; source: ImageSource }, { signal }: CallContext): Promise<ImageInfo> {
    const file = await openSource(source, signal);
    const display = await chooseDisplay(file, undefined, signal);
    await open.get(role)?.close();
    open.set(role, file);
    views.clear();
    return describeImage(file, display);
  },

  /** How other bands of an open image are shown. */
  async display({ role, bands }: { role: Role; bands: readonly number[] }): Promise<Display> {
    return chooseDisplay(open.get(role)!, bands);
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
  async warp(
    {
      transform,
      resampling,
      items,
    }: { transform: Transform; resampling: WarpResampling; items: Readonly<Record<string, string>> },
    { signal, progress }: CallContext,
  ): Promise<File> {
    await clearPrivateFiles();
    const [reference, sensed] = [open.get('reference')!, open.get('sensed')!];
    const { file } = await warpToFile(sensed, {
      sensedToReference: transform,
      reference,
      resampling,
      metadata: { '': items },
      signal,
      onProgress: ({ fraction }) => progress(String(Math.round(100 * fraction))),
    });
    return file;
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
