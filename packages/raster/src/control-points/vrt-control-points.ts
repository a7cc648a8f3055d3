import type { ControlPoint, ControlPointSet } from './control-point.js';
import { invalid } from './control-points-text.js';
import type { Crs } from '../georeference/crs.js';
import { crsFromCode } from '../georeference/crs-text.js';
import { escapeXml, parseAttributes } from '../formats/geotiff/read/gdal-metadata.js';
import type { RasterFile } from '../formats/raster-file.js';
import { crsFromWkt, parseGcpElements } from '../georeference/gdal-xml.js';
import { gdalTypeName } from './vrt-names.js';
import { xmlElement } from '../georeference/xml-scan.js';

/**
 * A VRT that shows a file with control points: GDAL reads it as if they were inside.
 * @param source how GDAL opens the file
 */
export function formatControlPointVrt(set: ControlPointSet, file: RasterFile, source: string): string {
  const points = set.points.filter((p) => p.enabled !== false);
  return [
    `<VRTDataset rasterXSize="${file.width}" rasterYSize="${file.height}">`,
    formatGcpList(points, set.crs, '  '),
    ...file.bands.flatMap((band) => [
      `  <VRTRasterBand dataType="${gdalTypeName(band.dataType)}" band="${band.index}">`,
      ...(band.nodata === null ? [] : [`    <NoDataValue>${band.nodata}</NoDataValue>`]),
      '    <SimpleSource>',
      `      <SourceFilename relativeToVRT="0">${escapeXml(source)}</SourceFilename>`,
      `      <SourceBand>${band.index}</SourceBand>`,
      '    </SimpleSource>',
      '  </VRTRasterBand>',
    ]),
    '</VRTDataset>',
    '',
  ].join('\n');
}

/** A `<GCPList>` element. */
export function formatGcpList(points: readonly ControlPoint[], crs: Crs | null, indent: string): string {
  const projection = crs ? (crs.code ?? crs.definition ?? '') : '';
  return [
    `${indent}<GCPList Projection="${escapeXml(projection)}" dataAxisToSRSAxisMapping="${crs?.kind === 'geographic' ? '2,1' : '1,2'}">`,
    ...points.map(
      (p) =>
        `${indent}  <GCP Id="${escapeXml(p.id)}" Pixel="${p.x}" Line="${p.y}" X="${p.mapX}" Y="${p.mapY}" Z="${p.mapZ ?? 0}"/>`,
    ),
    `${indent}</GCPList>`,
  ].join('\n');
}

/** Reads the control points of a VRT (or of an `.aux.xml`). */
export function parseControlPointVrt(text: string): ControlPointSet {
  const list = xmlElement(text, 'GCPList');
  if (!list) throw invalid(text.slice(0, 60), 'a <GCPList>');
  const projection = parseAttributes(list.attributes).get('Projection') ?? '';
  const points = parseGcpElements(list.body).map(({ mapZ, ...point }) => (mapZ === 0 ? point : { ...point, mapZ }));
  return { points, crs: crsFromCode(projection) ?? crsFromWkt(projection) };
}
