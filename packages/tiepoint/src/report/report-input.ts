import type { Transform } from '@tiepoint/geometry';
import type { ErrorField } from '../model/error-field.js';
import type { Misregistration } from '../assess/assess.js';
import type { DisplacementVector } from '../assess/displacements.js';
import type { Trend } from '../assess/trends.js';
import type { Registration } from '../result/registration.js';
import type { TiePoint } from '../result/tie-point.js';

/** The pictures of a report: `data:` URIs, each covering the whole grid of the reference. */
export interface ReportImages {
  readonly reference: string;
  /** The sensed image as the files alone place it: by their georeferences, or pixel on pixel. Transparent outside. */
  readonly before: string;
  /** The sensed image laid on the reference; null where the registration was refused. */
  readonly after: string | null;
  /** Where both files carry the same marks, coloured, transparent elsewhere; null where there are none. */
  readonly marks: string | null;
}

/** All that a report shows. */
export interface ReportInput {
  readonly registration: Registration;
  readonly tiePoints: readonly TiePoint[];
  /** Null where there is none. */
  readonly sensedToReference: Transform | null;
  /** Size of the reference, px. */
  readonly grid: { readonly width: number; readonly height: number };
  readonly images: ReportImages;
  /** How well the transform is known at each place; null where there is none. */
  readonly errorField: ErrorField | null;
  /** How far the files alone place the inliers from where they belong; null where that is not known. */
  readonly displacementBefore: Misregistration | null;
  /** The same place by place. */
  readonly vectorsBefore: readonly DisplacementVector[];
  /** What the displacements depend on; empty where nobody asked. */
  readonly trends: readonly Trend[];
  /** How `before` was placed, in words: "by their georeferences". */
  readonly beforePlacement: string;
}
