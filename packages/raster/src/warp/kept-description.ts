import { partType } from '../formats/data-type.js';
import type { GeoTiffOptions } from '../formats/geotiff/write/write-options.js';
import type { BandInfo, RasterFile } from '../formats/raster-file.js';
import type { WarpResampling } from './warp-window.js';

/** Metadata domains that speak of the pixels' places, or of how the file was stored. */
const ofTheFile = /^(RPC|GEOLOCATION|IMAGE_STRUCTURE|SUBDATASETS|DERIVED_SUBDATASETS|COLOR_PROFILE|TIFF|xml:.*)$/i;
/** Items that no longer hold of a warped image; what an earlier registration came to is one of them. */
const ofTheImage =
  /^(AREA_OR_POINT|STATISTICS_.*|COLORINTERP|OVR_RESAMPLING_ALG|TIFFTAG_(X|Y)RESOLUTION|TIEPOINT_.*)$/i;

function keptItems(items: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(items).filter(([name]) => !ofTheImage.test(name)));
}

/** Whether a band holds classes, between which nothing can be interpolated: a palette, or said to be thematic. */
function holdsClasses({ colorInterpretation, colorTable, metadata }: BandInfo): boolean {
  return colorInterpretation === 'palette' || colorTable !== null || /^thematic$/i.test(metadata['LAYER_TYPE'] ?? '');
}

/** `nearest` where a band holds classes, else `bilinear`. */
export function usualResampling(source: RasterFile, bands?: readonly number[]): WarpResampling {
  const chosen = bands === undefined ? source.bands : source.bands.filter(({ index }) => bands.includes(index));
  return chosen.some(holdsClasses) ? 'nearest' : 'bilinear';
}

/** What to say of classes that are interpolated all the same. */
export function classWarnings(source: RasterFile, bands: readonly number[], resampling: WarpResampling): string[] {
  if (resampling === 'nearest' || resampling === 'mode' || usualResampling(source, bands) !== 'nearest') return [];
  return [
    `${source.name}: its values are classes, and ${resampling} makes values between them; nearest or mode keeps them`,
  ];
}

/** What to say of complex samples that become magnitudes. */
export function magnitudeWarnings(source: RasterFile, bands: readonly number[], complex: boolean): string[] {
  const isComplex = bands.some((band) => partType(source.bands[band - 1]!.dataType) !== null);
  return isComplex && !complex ? [`${source.name}: its complex samples are written as their magnitude`] : [];
}

/**
 * What is known of a file and its bands that still holds of a warped copy.
 * @param added items that join the file's own, by domain, and take their place.
 */
export function keptDescription(
  source: RasterFile,
  bands: readonly BandInfo[],
  resampling: WarpResampling,
  added: GeoTiffOptions['metadata'] = {},
): Pick<
  GeoTiffOptions,
  'bandDescriptions' | 'scales' | 'offsets' | 'units' | 'bandMetadata' | 'colorTable' | 'metadata'
> {
  const keepsValues = resampling === 'nearest' || resampling === 'mode';
  return {
    bandDescriptions: bands.map((b) => b.name),
    scales: bands.map((b) => b.scale),
    offsets: bands.map((b) => b.offset),
    units: bands.map((b) => b.unit),
    bandMetadata: bands.map((b) => keptItems(b.metadata)),
    colorTable: keepsValues && bands.length === 1 ? bands[0]!.colorTable : null,
    metadata: joined(
      Object.fromEntries(
        Object.entries(source.metadata)
          .filter(([domain]) => !ofTheFile.test(domain))
          .map(([domain, items]) => [domain, keptItems(items)]),
      ),
      added,
    ),
  };
}

type Domains = NonNullable<GeoTiffOptions['metadata']>;

function joined(kept: Domains, added: Domains): Domains {
  const both = Object.entries(added).map(([domain, items]) => [domain, { ...kept[domain], ...items }] as const);
  return { ...kept, ...Object.fromEntries(both) };
}
