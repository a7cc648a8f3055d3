import type { BandInfo, Georeference, RasterFile } from '@tiepoint/raster';
import type { Display } from 'tiepoint';

/** What the page knows of an open image; plain data. */
export interface ImageInfo {
  readonly name: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Pick<BandInfo, 'index' | 'name' | 'dataType' | 'colorInterpretation'>[];
  readonly georeference: Georeference | null;
  readonly overviews: number;
  readonly warnings: readonly string[];
  /** How it is shown unless somebody chooses otherwise. */
  readonly display: Display;
}

/** Describes an open image. */
export function describeImage(file: RasterFile, display: Display): ImageInfo {
  const { name, format, width, height, georeference, overviews, warnings } = file;
  const bands = file.bands.map(({ index, name: band, dataType, colorInterpretation }) => ({
    index,
    name: band,
    dataType,
    colorInterpretation,
  }));
  return { name, format, width, height, bands, georeference, overviews: overviews.length, warnings, display };
}
