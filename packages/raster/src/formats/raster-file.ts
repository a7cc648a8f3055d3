import type { Plane } from '@tiepoint/geometry';
import type { DataType, SampleArray } from './data-type.js';
import type { Georeference } from '../georeference/georeference.js';

/** What a band means, in GDAL's words. */
export type ColorInterpretation = 'gray' | 'palette' | 'red' | 'green' | 'blue' | 'alpha' | 'undefined';

const colorInterpretations: readonly ColorInterpretation[] = ['gray', 'palette', 'red', 'green', 'blue', 'alpha'];

/** GDAL's word for what a band means, in any case; `undefined` for those that mean nothing here. */
export function colorInterpretationOf(word: string): ColorInterpretation {
  const small = word.trim().toLowerCase();
  return colorInterpretations.find((known) => known === small) ?? 'undefined';
}

/** One band of a file. */
export interface BandInfo {
  /** From 1, as in GDAL. */
  readonly index: number;
  /** The band's description; null where it has none. */
  readonly name: string | null;
  readonly dataType: DataType;
  /** The value that marks missing samples; null where there is none. */
  readonly nodata: number | null;
  readonly colorInterpretation: ColorInterpretation;
  /** Physical value = sample · scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** The unit of physical values; null where none is named. */
  readonly unit: string | null;
  /** Further items of the band's metadata; empty where there are none. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Colours of the values of a palette; null of bands that have none. */
  readonly colorTable: ColorTable | null;
}

/** Red, green, blue and alpha, 0 to 255, of values from 0. */
export type ColorTable = readonly (readonly [number, number, number, number])[];

/** A band that has nothing but samples. */
export const plainBand = {
  name: null,
  nodata: null,
  colorInterpretation: 'undefined',
  scale: 1,
  offset: 0,
  unit: null,
  metadata: {},
  colorTable: null,
} as const satisfies Omit<BandInfo, 'index' | 'dataType'>;

/** A rectangle of whole pixels of the full-resolution image. */
export interface PixelWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What to read as one float band. */
export interface ReadPlaneOptions {
  /** From 1, or `luminance`: the one band of a grey image, or red, green and blue weighted 0.299, 0.587, 0.114. Default `luminance`. */
  readonly band?: number | 'luminance' | undefined;
  /** Default: the whole image. */
  readonly window?: PixelWindow | undefined;
  /** Size of the result. Default: the window's; where one is missing it follows the window's proportions. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** How a smaller result is made: the mean of what each pixel covers (default), or one sample, interpolated or not. */
  readonly resampling?: 'average' | 'bilinear' | 'nearest' | undefined;
  /** Applies the band's scale and offset. Default false, as in GDAL. */
  readonly unscale?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What to read as samples of the file's own type. */
export interface ReadWindowOptions {
  /** From 1. Default: all that are not the alpha band. */
  readonly bands?: readonly number[] | undefined;
  /** In pixels of the level. Default: the whole level. */
  readonly window?: PixelWindow | undefined;
  /** 0 is full resolution; n is the overview `overviews[n - 1]`. Default 0. */
  readonly level?: number | undefined;
  /** Of complex samples their magnitude (default), or both parts: two arrays a band, real and imaginary. */
  readonly complex?: 'magnitude' | 'parts' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Samples of a window, one array a band, row-major. */
export interface RasterWindow {
  readonly width: number;
  readonly height: number;
  readonly data: readonly SampleArray[];
  /** The dataset's mask (a mask band or alpha), 1 = valid; absent where the file has none. Nodata is not applied. */
  readonly mask?: Uint8Array;
}

/** An open raster. Close it, or declare it with `await using`. */
export interface RasterFile extends AsyncDisposable {
  /** The path, the URL without what may be a secret (query, credentials), or a word for nameless sources. */
  readonly name: string;
  /** GDAL's short driver name. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly BandInfo[];
  readonly georeference: Georeference | null;
  /** Reduced versions inside the file, largest first. */
  readonly overviews: readonly { readonly width: number; readonly height: number }[];
  /** Where validity comes from: a mask band, an alpha band, nodata values, or nothing. */
  readonly maskKind: 'mask' | 'alpha' | 'nodata' | 'none';
  /** Whether all samples are complex, and can be read as their parts. */
  readonly hasParts: boolean;
  /** Metadata items by domain; the default domain is the empty string. */
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether any part costs decoding the whole image, as of a PNG or JPEG: more threads would only hold more copies of it. */
  readonly decodesWhole: boolean;
  /** The path or whole URL by which another thread can open the file again; null of bytes and blobs. Never written down. */
  readonly location: string | null;
  /** How the file stores its pixels, for people. */
  readonly compression: string;
  /** Sentences about what was degraded or guessed on opening. */
  readonly warnings: readonly string[];
  /**
   * Reads one band as floats, through the overview that fits the size asked for.
   * @throws {TiepointError} `no-such-band`, `window-outside`, `image-too-large`, `file-truncated`, `file-corrupt`.
   */
  readPlane(options?: ReadPlaneOptions): Promise<Plane>;
  /** Reads samples as they stand, without resampling. @throws As `readPlane`. */
  readWindow(options?: ReadWindowOptions): Promise<RasterWindow>;
  close(): Promise<void>;
}
