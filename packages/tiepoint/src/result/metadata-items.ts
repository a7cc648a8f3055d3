import type { Registration } from './registration.js';
import { tool } from './tool.js';

/** What items are made of: a result's document, or what a solution file holds of one. */
export type ItemSource = {
  readonly [K in Exclude<keyof Registration, 'provenance' | 'findings'>]?: Registration[K] | undefined;
} & {
  readonly findings?: readonly { readonly code: string }[] | undefined;
  readonly provenance?:
    | { readonly [K in keyof Registration['provenance']]?: Registration['provenance'][K] | undefined }
    | undefined;
};

/** Short, and exact to what a registration can know. */
function written(value: number | undefined): string | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : String(Number(value.toPrecision(6)));
}

/**
 * What a registration came to, as metadata items of the images made from it: GDAL's programs and QGIS show them.
 * `TIFFTAG_SOFTWARE` is TIFF's own tag; lengths carry their unit in the name (`_PX`: px of the registered reference; `_M`: metres).
 *
 * @param document null where the transform was fitted to control points and nothing is known of its accuracy
 */
export function metadataItems(document: ItemSource | null): Readonly<Record<string, string>> {
  const items = document === null ? {} : { ...outcomeItems(document), ...provenanceItems(document) };
  const entries = Object.entries({ TIFFTAG_SOFTWARE: tool, ...items });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function outcomeItems(document: ItemSource): Record<string, string | undefined> {
  const { accuracy } = document;
  return {
    TIEPOINT_VERDICT: document.verdict,
    TIEPOINT_CONFIDENCE: written(document.confidence),
    TIEPOINT_FINDINGS: document.findings?.map(({ code }) => code).join(',') || undefined,
    TIEPOINT_CE90_PX: written(accuracy?.ce90),
    TIEPOINT_CE90_M: written(accuracy?.ce90Metres),
    TIEPOINT_NETWORK_CE90_PX: written(document.network?.ce90),
    TIEPOINT_NETWORK_CE90_M: written(document.network?.ce90Metres),
    TIEPOINT_PREDICTED_SD_PX: written(accuracy?.predictedSd),
    TIEPOINT_CHECK_RMSE_PX: written(accuracy?.checkRmse),
    TIEPOINT_RMSE_PX: written(accuracy?.rmse),
    TIEPOINT_MODEL: document.model,
    TIEPOINT_TIE_POINTS: written(document.tiePoints),
    TIEPOINT_INLIERS: written(document.inliers),
    TIEPOINT_METHOD: document.method,
  };
}

function provenanceItems({ provenance }: ItemSource): Record<string, string | undefined> {
  const sourceOf = (role: string): string | undefined =>
    provenance?.inputs?.find((input) => input.role === role)?.source;
  return {
    TIEPOINT_TOOL: provenance?.tool,
    TIEPOINT_WEIGHTS: provenance?.weights ?? undefined,
    TIEPOINT_KEYPOINT_WEIGHTS: provenance?.keypointWeights,
    TIEPOINT_SEED: written(provenance?.seed),
    TIEPOINT_REFERENCE: sourceOf('reference'),
    TIEPOINT_SENSED: sourceOf('sensed'),
    TIEPOINT_IMPORTED: provenance?.tiePoints,
    TIEPOINT_JOB: provenance?.job,
    TIEPOINT_EDITED: provenance?.edits === undefined ? undefined : 'YES',
  };
}
