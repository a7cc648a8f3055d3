import { applyTransform, invertTransform } from '@tiepoint/geometry';
import { pointsOfViews, type ViewGeometries } from '../inputs/choose-views.js';
import type { ImportedTiePoints } from '../inputs/imported-tie-points.js';
import type { ViewGeometry } from '../inputs/image-view.js';
import type { ImageSize } from '../inputs/overlap.js';
import { type Bends, fromStraight, straightPoints } from '../inputs/straighten.js';
import type { FileModel } from './file-model.js';
import { modelFromStraight } from './from-straight.js';
import { fromViews } from './from-views.js';

/** What of two files was matched, and how it lies in them: windows of straightened images, mirrored or not. Plain data. */
export interface MatchedParts {
  readonly views: ViewGeometries;
  readonly bends: Bends;
  /** Size of the sensed file, px. */
  readonly sensed: ImageSize;
}

/** The parts that views of straightened files are. */
export function partsOf({ reference, sensed }: ViewGeometries, bends: Bends, file: ImageSize): MatchedParts {
  const geometry = ({ window, turned, toView }: ViewGeometry): ViewGeometry => ({ window, turned, toView });
  const views = { reference: geometry(reference), sensed: geometry(sensed) };
  return { views, bends, sensed: { width: file.width, height: file.height } };
}

/** A model of the parts that were matched as one of the files. */
export function modelOfFiles(model: FileModel, { views, bends, sensed }: MatchedParts): FileModel {
  return modelFromStraight(fromViews(model, views), { bends }, sensed);
}

/** Tie points of the files as they lie on the parts that were matched. */
export function pointsOfParts(given: ImportedTiePoints, { views, bends }: MatchedParts): ImportedTiePoints {
  return pointsOfViews(straightPoints(given, bends), views);
}

/** Where a place of the part of the reference that was matched lies in its file, px. */
export function placeOfReference({ views, bends }: MatchedParts): (x: number, y: number) => readonly [number, number] {
  const fromView = invertTransform(views.reference.toView)!;
  const bent = fromStraight(bends.reference);
  return (x, y) => {
    const point = applyTransform(fromView, Float64Array.of(x, y));
    bent(point);
    return [point[0]!, point[1]!];
  };
}
