import { applyTransform, isMatrixTransform, TiepointError, type Transform } from '@tiepoint/geometry';
import { gdalName, isFileOfGdal } from '../source/gdal-name.js';
import { writeFileAtomically } from '../formats/geotiff/write/atomic-output.js';
import { escapeXml } from '../formats/geotiff/read/gdal-metadata.js';
import { composeGeoTransform } from '../georeference/geotransform.js';
import type { Geotransform } from '@tiepoint/geometry';
import type { RasterFile } from '../formats/raster-file.js';
import { formatGcpList } from '../control-points/vrt-control-points.js';
import { gdalTypeName } from '../control-points/vrt-names.js';
import { usualResampling } from './kept-description.js';
import type { ReferenceGrid } from './warp-plan.js';
import type { WarpResampling } from './warp-window.js';

/** What a lazily warped VRT is made of. */
export interface WarpedVrtOptions {
  readonly sensedToReference: Transform;
  readonly reference: ReferenceGrid;
  readonly resampling?: WarpResampling | undefined;
  /** Items of the default domain. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly overwrite?: boolean | undefined;
}

const gdalAlgorithms: Readonly<Record<WarpResampling, string>> = {
  nearest: 'NearestNeighbour',
  bilinear: 'Bilinear',
  cubic: 'Cubic',
  cubicspline: 'CubicSpline',
  lanczos: 'Lanczos',
  average: 'Average',
  mode: 'Mode',
};

/** Control points along each axis that carry a transform GDAL has no formula for. */
const gridSide = 12;

/**
 * Writes a VRT that GDAL's programs and QGIS warp as they read it: the sensed file stays as it is. Affine solutions are
 * exact; projective, polynomial and spline ones are carried by 144 control points under a thin-plate spline.
 * @throws {TiepointError} `output-unsupported` for a source without a path, and as `writeGeoTiff` does.
 */
export async function writeWarpedVrt(source: RasterFile, output: string, options: WarpedVrtOptions): Promise<void> {
  if (source.location === null || !isFileOfGdal(source)) {
    throw new TiepointError(
      'output-unsupported',
      `${output}: a VRT names its image, and ${source.name} is no single file`,
      {
        hint: 'Write a GeoTIFF.',
        value: source.name,
      },
    );
  }
  const text = formatWarpedVrt(source, gdalName(source.location), options);
  await writeFileAtomically(output, text, options.overwrite ?? false);
}

/** The geotransform of a sensed image under an affine solution; null for other models. */
export function solvedGeoTransform(transform: Transform, reference: Geotransform): Geotransform | null {
  if (!isMatrixTransform(transform) || transform.model === 'projective') return null;
  const [a, b, c, d, e, f, , , i] = transform.matrix;
  return composeGeoTransform(reference, [a / i, b / i, c / i, d / i, e / i, f / i]);
}

function formatWarpedVrt(source: RasterFile, path: string, options: WarpedVrtOptions): string {
  const { sensedToReference, reference } = options;
  // Without a georeference the reference's pixels are the map.
  const target = reference.georeference?.geotransform ?? ([0, 1, 0, 0, 0, 1] as const);
  const crs = reference.georeference?.crs ?? null;
  const srs = crs?.code ?? crs?.definition ?? '';
  const solved = solvedGeoTransform(sensedToReference, target);
  const bands = source.bands.filter((b) => b.colorInterpretation !== 'alpha');
  const alpha = source.bands.find((b) => b.colorInterpretation === 'alpha');
  // Without a nodata value only a band of its own can say what is not covered, or masked in the source.
  const alphaBand = bands.every((b) => b.nodata === null) ? bands.length + 1 : null;
  return [
    `<VRTDataset rasterXSize="${reference.width}" rasterYSize="${reference.height}" subClass="VRTWarpedDataset">`,
    ...(srs
      ? [`  <SRS dataAxisToSRSAxisMapping="${crs?.kind === 'geographic' ? '2,1' : '1,2'}">${escapeXml(srs)}</SRS>`]
      : []),
    `  <GeoTransform>${target.join(', ')}</GeoTransform>`,
    ...metadataElement(options.metadata),
    ...bands.map((b, i) =>
      [
        `  <VRTRasterBand dataType="${gdalTypeName(b.dataType)}" band="${i + 1}" subClass="VRTWarpedRasterBand">`,
        ...(b.nodata === null ? [] : [`    <NoDataValue>${b.nodata}</NoDataValue>`]),
        '  </VRTRasterBand>',
      ].join('\n'),
    ),
    ...(alphaBand === null
      ? []
      : [
          `  <VRTRasterBand dataType="${gdalTypeName(bands[0]!.dataType)}" band="${alphaBand}" subClass="VRTWarpedRasterBand">`,
          '    <ColorInterp>Alpha</ColorInterp>',
          '  </VRTRasterBand>',
        ]),
    '  <BlockXSize>512</BlockXSize>',
    '  <BlockYSize>512</BlockYSize>',
    '  <GDALWarpOptions>',
    '    <WarpMemoryLimit>6.71089e+07</WarpMemoryLimit>',
    `    <ResampleAlg>${gdalAlgorithms[options.resampling ?? usualResampling(source)]}</ResampleAlg>`,
    `    <WorkingDataType>${gdalTypeName(bands[0]!.dataType)}</WorkingDataType>`,
    '    <Option name="INIT_DEST">NO_DATA</Option>',
    '    <Option name="UNIFIED_SRC_NODATA">YES</Option>',
    `    <SourceDataset relativeToVRT="0">${escapeXml(path)}</SourceDataset>`,
    ...transformer(source, sensedToReference, target, solved, srs),
    '    <BandList>',
    ...bands.map((b, i) =>
      b.nodata === null
        ? `      <BandMapping src="${b.index}" dst="${i + 1}"/>`
        : `      <BandMapping src="${b.index}" dst="${i + 1}"><SrcNoDataReal>${b.nodata}</SrcNoDataReal><SrcNoDataImag>0</SrcNoDataImag><DstNoDataReal>${b.nodata}</DstNoDataReal><DstNoDataImag>0</DstNoDataImag></BandMapping>`,
    ),
    '    </BandList>',
    ...(alpha && source.maskKind === 'alpha' ? [`    <SrcAlphaBand>${alpha.index}</SrcAlphaBand>`] : []),
    ...(alphaBand === null ? [] : [`    <DstAlphaBand>${alphaBand}</DstAlphaBand>`]),
    '  </GDALWarpOptions>',
    '</VRTDataset>',
    '',
  ].join('\n');
}

function metadataElement(items: Readonly<Record<string, string>> = {}): string[] {
  const entries = Object.entries(items).map(
    ([key, value]) => `    <MDI key="${escapeXml(key)}">${escapeXml(value)}</MDI>`,
  );
  return entries.length === 0 ? [] : ['  <Metadata>', ...entries, '  </Metadata>'];
}

function transformer(
  source: RasterFile,
  transform: Transform,
  target: Geotransform,
  solved: Geotransform | null,
  srs: string,
): string[] {
  const inverse = (g: Geotransform): string => {
    const determinant = g[1] * g[5] - g[2] * g[4];
    const inverted = [
      (g[2] * g[3] - g[0] * g[5]) / determinant,
      g[5] / determinant,
      -g[2] / determinant,
      (-g[1] * g[3] + g[0] * g[4]) / determinant,
      -g[4] / determinant,
      g[1] / determinant,
    ];
    return inverted.join(',');
  };
  const side = solved
    ? [
        `          <SrcGeoTransform>${solved.join(',')}</SrcGeoTransform>`,
        `          <SrcInvGeoTransform>${inverse(solved)}</SrcInvGeoTransform>`,
      ]
    : [
        '          <SrcTPSTransformer>',
        '            <TPSTransformer>',
        '              <Reversed>0</Reversed>',
        formatGcpList(carriers(source, transform, target), null, '              ').replace(
          /<GCPList[^>]*>/,
          `<GCPList Projection="${escapeXml(srs)}">`,
        ),
        '            </TPSTransformer>',
        '          </SrcTPSTransformer>',
      ];
  return [
    '    <Transformer>',
    '      <ApproxTransformer>',
    '        <MaxError>0.125</MaxError>',
    '        <BaseTransformer>',
    '          <GenImgProjTransformer>',
    ...side,
    `          <DstGeoTransform>${target.join(',')}</DstGeoTransform>`,
    `          <DstInvGeoTransform>${inverse(target)}</DstInvGeoTransform>`,
    '          </GenImgProjTransformer>',
    '        </BaseTransformer>',
    '      </ApproxTransformer>',
    '    </Transformer>',
  ];
}

/** A grid of points over the sensed image with their places on the map. */
function carriers(
  source: RasterFile,
  transform: Transform,
  target: Geotransform,
): { id: string; x: number; y: number; mapX: number; mapY: number }[] {
  const out: { id: string; x: number; y: number; mapX: number; mapY: number }[] = [];
  for (let j = 0; j < gridSide; j++) {
    for (let i = 0; i < gridSide; i++) {
      const x = (source.width * i) / (gridSide - 1);
      const y = (source.height * j) / (gridSide - 1);
      const mapped = applyTransform(transform, Float64Array.of(x, y));
      const [u, v] = [mapped[0]!, mapped[1]!];
      if (!Number.isFinite(u) || !Number.isFinite(v)) continue;
      const mapX = target[0] + u * target[1] + v * target[2];
      const mapY = target[3] + u * target[4] + v * target[5];
      out.push({ id: String(out.length + 1), x, y, mapX, mapY });
    }
  }
  if (out.length >= 10) return out;
  throw new TiepointError('no-overlap', 'the transform maps too little of the image to be written as a VRT', {
    hint: 'Warp to a GeoTIFF instead.',
    value: out.length,
  });
}
