import { covarianceEllipse } from '@tiepoint/geometry';
import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Circle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Ring, TiePoint } from 'tiepoint';
import { kindOf, type PointKind } from '../state/point-list.js';
import { toMap } from './pixel-grid.js';

/** What is drawn of the tie points. */
export interface DrawnPoints {
  readonly tiePoints: readonly TiePoint[];
  /** Indices of those that are drawn. */
  readonly listed: readonly number[];
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly exaggeration: number;
  readonly excluded: readonly Ring[];
  /** Where a place was clicked that still wants its match. */
  readonly pending: readonly [number, number] | null;
}

// Colours that people who do not tell red from green can tell apart (Okabe and Ito 2008).
const colours: Readonly<Record<PointKind, string>> = {
  agreeing: '#56b4e9',
  disagreeing: '#d55e00',
  off: '#999999',
  snapped: '#f0e442',
  hand: '#cc79a7',
  imported: '#009e73',
};

const halo = new Stroke({ color: 'rgba(0, 0, 0, 0.75)', width: 4 });

/** Corners of the polygon that an ellipse is drawn as. */
const corners = 32;

/** The outline of a tie point's error, 90 % inside, some times larger. */
function ellipseOf({ reference, covariance }: TiePoint, exaggeration: number): Polygon {
  const { major, minor, angle } = covarianceEllipse(covariance);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const ring = Array.from({ length: corners + 1 }, (_, i) => {
    const t = (2 * Math.PI * i) / corners;
    const [u, v] = [exaggeration * major * Math.cos(t), exaggeration * minor * Math.sin(t)];
    return toMap([reference[0] + cos * u - sin * v, reference[1] + sin * u + cos * v]);
  });
  return new Polygon([ring]);
}

function stylesOf(kind: PointKind, chosen: boolean): { outline: Style[]; dot: Style } {
  const color = colours[kind];
  const width = chosen ? 3 : 1.5;
  const lineDash = kind === 'off' ? [4, 4] : [];
  const outline = [new Style({ stroke: halo }), new Style({ stroke: new Stroke({ color, width, lineDash }) })];
  const image = new Circle({
    radius: chosen ? 6 : 3,
    fill: new Fill({ color }),
    stroke: new Stroke({ color: chosen ? '#ffffff' : 'rgba(0, 0, 0, 0.75)', width: chosen ? 2 : 1 }),
  });
  return { outline, dot: new Style({ image, zIndex: chosen ? 1 : 0 }) };
}

function featuresOf(points: DrawnPoints): Feature[] {
  const { tiePoints, listed, selected, hovered, exaggeration } = points;
  return listed.flatMap((index) => {
    const point = tiePoints[index]!;
    const { outline, dot } = stylesOf(kindOf(point), index === selected || index === hovered);
    const ellipse = new Feature({ geometry: ellipseOf(point, exaggeration) });
    ellipse.setStyle(outline);
    const place = new Feature({ geometry: new Point(toMap(point.reference)), index });
    place.setStyle(dot);
    return [ellipse, place];
  });
}

function excludedFeatures(excluded: readonly Ring[]): Feature[] {
  return excluded.map((ring) => {
    const feature = new Feature({ geometry: new Polygon([[...ring, ring[0]!].map(toMap)]) });
    feature.setStyle(
      new Style({
        fill: new Fill({ color: 'rgba(213, 94, 0, 0.2)' }),
        stroke: new Stroke({ color: '#d55e00', width: 2, lineDash: [8, 4] }),
      }),
    );
    return feature;
  });
}

/** A cross where a click waits for its match. */
function pendingFeatures(pending: DrawnPoints['pending'], resolution: number): Feature[] {
  if (pending === null) return [];
  const [x, y] = toMap(pending);
  const arm = 14 * resolution;
  const lines = [
    [
      [x - arm, y],
      [x + arm, y],
    ],
    [
      [x, y - arm],
      [x, y + arm],
    ],
  ];
  return lines.map((line) => {
    const feature = new Feature({ geometry: new LineString(line) });
    feature.setStyle([
      new Style({ stroke: halo }),
      new Style({ stroke: new Stroke({ color: colours.snapped, width: 2 }) }),
    ]);
    return feature;
  });
}

/** A layer of tie points. */
export interface PointLayer {
  readonly layer: VectorLayer<VectorSource>;
  /** @param resolution - px of the reference per px of the screen */
  draw(points: DrawnPoints | null, resolution: number): void;
}

/** Makes the layer of tie points. */
export function pointLayer(): PointLayer {
  const source = new VectorSource({ wrapX: false });
  const layer = new VectorLayer({ source, className: 'points', zIndex: 10 });
  return {
    layer,
    draw(points, resolution) {
      source.clear(true);
      if (points === null) return;
      source.addFeatures([
        ...excludedFeatures(points.excluded),
        ...featuresOf(points),
        ...pendingFeatures(points.pending, resolution),
      ]);
    },
  };
}
