import { pixelToMap, type RasterFile } from '@tiepoint/raster';
import { formatNumber } from '../../report/html.js';
import { parseSolution } from '../../result/solution.js';
import type { InfoFlags } from '../commands/info.js';
import { readTextFile } from '../read-text-file.js';
import { openImage } from '../open-image.js';
import type { CliSession } from '../session.js';
import { textTable } from '../text-table.js';

/** What `info --json` says of an image. */
function describe(file: RasterFile): Record<string, unknown> {
  const { name, format, width, height, compression, maskKind, georeference, overviews, warnings } = file;
  return {
    version: 1,
    kind: 'image',
    source: name,
    format,
    width,
    height,
    compression,
    bands: file.bands,
    mask: maskKind,
    overviews,
    georeference:
      georeference === null
        ? null
        : {
            crs: georeference.crs?.name ?? null,
            code: georeference.crs?.code ?? null,
            geotransform: georeference.geotransform,
            origin: georeference.origin,
            rpc: georeference.rpc ?? null,
            corners: [
              [0, 0],
              [width, 0],
              [width, height],
              [0, height],
            ].map(([x, y]) => pixelToMap(georeference.geotransform, x!, y!)),
          },
    warnings,
  };
}

function imageText(file: RasterFile): string {
  const { georeference } = file;
  const rows: [string, string][] = [
    ['file', file.name],
    ['format', `${file.format}, ${file.compression}`],
    ['size', `${file.width} × ${file.height} px`],
  ];
  for (const band of file.bands) {
    const notes = [band.colorInterpretation, band.nodata === null ? '' : `nodata ${band.nodata}`, band.name ?? ''];
    rows.push([`band ${band.index}`, [band.dataType, ...notes.filter((note) => note !== '')].join(', ')]);
  }
  rows.push(['mask', file.maskKind]);
  if (file.overviews.length > 0) {
    rows.push(['overviews', file.overviews.map(({ width, height }) => `${width} × ${height}`).join(', ')]);
  }
  if (georeference === null) {
    rows.push(['georeference', 'none']);
  } else {
    const [x, , , y] = georeference.geotransform;
    const [, dx, rx, , ry, dy] = georeference.geotransform;
    rows.push(
      ['georeference', `${georeference.crs?.name ?? 'unknown CRS'} (${georeference.origin})`],
      ['origin', `${x}, ${y}`],
      ['pixel size', `${Math.hypot(dx, ry)} × ${Math.hypot(rx, dy)}`],
    );
  }
  if (georeference?.rpc !== undefined) {
    const { heightOffset, heightScale } = georeference.rpc;
    const range = [heightOffset - heightScale, heightOffset + heightScale].map((v) => formatNumber(v)).join(' to ');
    rows.push(['RPCs', `placed at a height of ${formatNumber(heightOffset)} m; good from ${range} m`]);
  }
  for (const warning of file.warnings) rows.push(['warning', warning]);
  return textTable(rows);
}

/** Describes an image or a solution file. @throws TiepointError of reading. */
export async function runInfo(path: string, flags: InfoFlags, session: CliSession): Promise<void> {
  const text = /^(?!https?:).*\.json$/i.test(path) ? await readTextFile(path) : null;
  // A STAC item is JSON too, and means an image.
  if (text !== null && !text.includes('"stac_version"')) {
    const solution = parseSolution(text, path);
    const { sensedToReference: transform } = solution;
    if (flags.json) {
      await session.out(`${JSON.stringify({ version: 1, kind: 'solution', source: path, ...solution }, null, 2)}\n`);
      return;
    }
    const rows: [string, string][] = [
      ['file', path],
      ['verdict', solution.verdict],
      ...solution.reasons.map((reason): [string, string] => ['', reason]),
      ['model', transform === null ? 'none' : transform.model],
    ];
    if (transform !== null && 'matrix' in transform) {
      for (let r = 0; r < 9; r += 3) {
        rows.push([
          r === 0 ? 'matrix' : '',
          transform.matrix
            .slice(r, r + 3)
            .map((v) => v.toPrecision(8))
            .join('  '),
        ]);
      }
    }
    await session.out(textTable(rows));
    return;
  }
  await using file = await openImage(path, session);
  await session.out(flags.json ? `${JSON.stringify(describe(file), null, 2)}\n` : imageText(file));
}
