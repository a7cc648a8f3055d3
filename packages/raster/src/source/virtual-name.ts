import { TiepointError } from '@tiepoint/geometry';
import { objectStores } from './stores/stores.js';

/**
 * A name in GDAL's words for what is no plain file (`/vsicurl/`, `/vsis3/`, `/vsigs/`, `/vsiaz/`, `/vsizip/`, `/vsitar/`) as the URL or path that it
 * means, with `#` before a file inside an archive. Other names stay as they are.
 * @throws {TiepointError} `unsupported-format` for others of GDAL's.
 */
export function fromVirtualName(name: string): string {
  const curl = /^\/vsicurl(?:_streaming)?\/(https?:\/\/.*)$/is.exec(name);
  if (curl) return curl[1]!;
  const archive = /^\/vsi(?:zip|tar)\/(.*)$/is.exec(name);
  if (archive) return insideArchive(archive[1]!);
  for (const { scheme, gdalPrefix } of objectStores) {
    for (const prefix of [gdalPrefix, gdalPrefix.replace(/\/$/, '_streaming/')]) {
      if (name.startsWith(prefix)) return `${scheme}://${name.slice(prefix.length)}`;
    }
  }
  const other = /^\/vsi[a-z0-9]+(?:_streaming)?\//.exec(name)?.[0];
  if (other === undefined) return name;
  throw new TiepointError('unsupported-format', `${other} is a name of GDAL's that is not known here`, {
    hint: 'Known are /vsicurl/, /vsis3/, /vsigs/, /vsiaz/, /vsizip/ and /vsitar/. Else copy the file, or name its URL.',
    value: other,
  });
}

/** `path.zip/inner.tif` or `{path.zip}/inner.tif`. */
function insideArchive(text: string): string {
  const [, archive, inner] = /^\{([^}]*)\}\/?(.*)$/s.exec(text) ??
    /^(.*?\.(?:zip|kmz|ods|xlsx|tar))(?:\/(.*))?$/is.exec(text) ?? [null, text, ''];
  const plain = fromVirtualName(archive!);
  return inner ? `${plain}#${inner}` : plain;
}
