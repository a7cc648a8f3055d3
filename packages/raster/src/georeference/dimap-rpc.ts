import { parseAttributes } from '../formats/geotiff/read/gdal-metadata.js';
import type { Rpc } from './rpc.js';
import { rpcFromItems } from './rpc-text.js';
import { xmlElement, xmlElements } from './xml-scan.js';

/** What of a delivery an image of Pléiades or SPOT 6/7 is: files beside it are named by the stem. */
export interface DimapImage {
  readonly stem: string;
  /** Of the tile, from 1. */
  readonly row: number;
  readonly column: number;
}

/** Takes `IMG_PHR1A_…_R1C2.TIF` apart; null of other names. */
export function dimapImage(name: string): DimapImage | null {
  const found = /^IMG_(.+)_R(\d+)C(\d+)\.\w+$/i.exec(name);
  return found && { stem: found[1]!, row: Number(found[2]), column: Number(found[3]) };
}

const singles = ['LINE', 'SAMP', 'LAT', 'LONG', 'HEIGHT'].flatMap((name) => [`${name}_OFF`, `${name}_SCALE`]);
const lists = ['LINE_NUM_COEFF', 'LINE_DEN_COEFF', 'SAMP_NUM_COEFF', 'SAMP_DEN_COEFF'];

/** The RPCs of `RPC_*.XML` (from the ground to the image), whose pixels count from 1; null where some are missing. */
export function parseDimapRpc(xml: string): Rpc | null {
  const inverse = xmlElement(xml, 'Inverse_Model')?.body;
  const validity = xmlElement(xml, 'RFM_Validity')?.body;
  if (inverse === undefined || validity === undefined) return null;
  const items = new Map<string, string>();
  for (const name of singles) items.set(name, xmlElement(validity, name)?.body ?? '');
  for (const name of lists) {
    for (let i = 1; i <= 20; i++) items.set(`${name}_${i}`, xmlElement(inverse, `${name}_${i}`)?.body ?? '');
  }
  const rpc = rpcFromItems(items);
  return rpc && { ...rpc, lineOffset: rpc.lineOffset - 1, sampleOffset: rpc.sampleOffset - 1 };
}

/**
 * The RPCs of a tile, of those of the whole image and the size of tiles in `DIM_*.XML`; null where that is not said, but for
 * the first tile.
 */
export function rpcOfTile(rpc: Rpc, { row, column }: DimapImage, dimensions: string | null): Rpc | null {
  if (row === 1 && column === 1) return rpc;
  const [tiles] = [...xmlElements(dimensions ?? '', 'NTILES_SIZE')];
  const sizes = tiles && parseAttributes(tiles.attributes);
  const [width, height] = [Number(sizes?.get('ncols')), Number(sizes?.get('nrows'))];
  if (!(width > 0 && height > 0)) return null;
  return {
    ...rpc,
    lineOffset: rpc.lineOffset - (row - 1) * height,
    sampleOffset: rpc.sampleOffset - (column - 1) * width,
  };
}
