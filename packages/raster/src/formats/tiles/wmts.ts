import { TiepointError } from '@tiepoint/geometry';
import { xmlElement, xmlElements, withoutComments } from '../../georeference/xml-scan.js';
import type { HttpSourceOptions } from '../../source/http-source.js';
import { publicUrl } from '../../source/public-url.js';
import { parseAttributes, unescapeXml } from '../geotiff/read/gdal-metadata.js';
import { tileFetcher } from './tile-fetcher.js';

/** Scale denominator of zoom 0 of the matrix set that all maps of the web share, tiles of 256 px. */
const firstScale = 559_082_264.0287178;

function unusable(name: string, why: string, hint: string): TiepointError {
  return new TiepointError('unsupported-format', `${publicUrl(name)}: ${why}`, { hint, value: publicUrl(name) });
}

/**
 * The tiles of a layer of a WMTS as `xyz:` and a template: `wmts:https://host/WMTSCapabilities.xml#layer`, or without `#layer` where it
 * has but one. Only layers in Web Mercator with addresses for tiles (REST).
 * @throws {TiepointError} `unsupported-format`, `url-unreadable`
 */
export async function templateOfWmts(name: string, http: HttpSourceOptions): Promise<string> {
  const [, url, fragment] = /^wmts:([^#]*)(?:#(.*))?$/is.exec(name)!;
  const bytes = await (await tileFetcher(url!, http))(url!, http.signal);
  // Prefixes of namespaces differ from server to server.
  const xml = withoutComments(new TextDecoder().decode(bytes ?? new Uint8Array(0))).replaceAll(/<(\/?)[\w-]+:/g, '<$1');
  const contents = xmlElement(xml, 'Contents')?.body ?? '';
  const layers = new Map([...xmlElements(contents, 'Layer')].map(({ body }) => [identifierOf(body), body] as const));
  const wanted = fragment ? decodeURIComponent(fragment) : layers.size === 1 ? [...layers.keys()][0]! : '';
  const layer = layers.get(wanted);
  if (layer === undefined) {
    const some = [...layers.keys()].slice(0, 12).join(', ');
    throw unusable(
      name,
      layers.size === 0 ? 'is no description of a WMTS with layers' : `has no layer "${wanted}"`,
      `Name one behind #: ${some || 'none was found'}`,
    );
  }
  const template = [...xmlElements(layer, 'ResourceURL')]
    .map(({ attributes }) => parseAttributes(attributes))
    .find((one) => one.get('resourceType') === 'tile' && /image\/(png|jpe?g|webp)/.test(one.get('format') ?? ''))
    ?.get('template');
  if (!template) throw unusable(name, 'names no addresses of tiles (REST)', 'Give its tiles as xyz:… instead.');
  for (const { body } of xmlElements(layer, 'TileMatrixSetLink')) {
    const set = xmlElement(body, 'TileMatrixSet')?.body.trim() ?? '';
    const zoom = zoomWords(contents, set);
    if (zoom !== null) return `xyz:${filled(unescapeXml(template), layer, set, zoom)}`;
  }
  throw unusable(
    name,
    `layer "${wanted}" has no tiles in Web Mercator`,
    'Only EPSG:3857 with the usual zooms is read.',
  );
}

function identifierOf(body: string): string {
  return unescapeXml(xmlElement(body, 'Identifier')?.body.trim() ?? '');
}

/** How a set in Web Mercator calls its zooms, with `{z}`; null of other sets. */
function zoomWords(contents: string, name: string): string | null {
  // Sets hold matrices of another name; a link in a layer has the same element, without matrices.
  const set = [...xmlElements(withoutLayers(contents), 'TileMatrixSet')].find(
    ({ body }) => identifierOf(body) === name,
  );
  if (
    !set ||
    !/(EPSG|epsg):+(?:[\d.:]*:)?(3857|900913|3785|102100)\b/.test(xmlElement(set.body, 'SupportedCRS')?.body ?? '')
  ) {
    return null;
  }
  for (const { body } of xmlElements(set.body, 'TileMatrix')) {
    const zoom = Math.log2(firstScale / Number(xmlElement(body, 'ScaleDenominator')?.body));
    const number = Math.round(zoom);
    const [left] = (xmlElement(body, 'TopLeftCorner')?.body.trim() ?? '').split(/\s+/).map(Number);
    const usual = Math.abs(zoom - number) < 1e-3 && Math.abs(Number(left) + 20_037_508.34) < 1;
    const found = /^(.*?)(\d+)$/.exec(identifierOf(body));
    if (usual && found && Number(found[2]) === number && String(number) === found[2]) return `${found[1]}{z}`;
  }
  return null;
}

function withoutLayers(contents: string): string {
  const last = contents.lastIndexOf('</Layer>');
  return last < 0 ? contents : contents.slice(last + '</Layer>'.length);
}

/** A template of WMTS as one of tiles; dimensions get their defaults. */
function filled(template: string, layer: string, set: string, zoom: string): string {
  const style =
    [...xmlElements(layer, 'Style')].find(({ attributes }) => attributes.includes('isDefault="true"')) ??
    xmlElement(layer, 'Style');
  const values = new Map([
    ['tilematrixset', set],
    ['tilematrix', zoom],
    ['tilerow', '{y}'],
    ['tilecol', '{x}'],
    ['style', style ? identifierOf(style.body) : 'default'],
  ]);
  for (const { body } of xmlElements(layer, 'Dimension')) {
    const usual = xmlElement(body, 'Default')?.body.trim();
    if (usual) values.set(identifierOf(body).toLowerCase(), unescapeXml(usual));
  }
  return template.replaceAll(/\{([^{}]+)\}/g, (whole, key: string) => values.get(key.toLowerCase()) ?? whole);
}
