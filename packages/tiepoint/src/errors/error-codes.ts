/** Whose fault an error is; the exit status of the command line follows from it. */
export type ErrorCategory = 'usage' | 'input' | 'refused' | 'model' | 'environment' | 'internal';

/** The exit statuses of the command line; scripts depend on them. */
export const exitCodes = {
  accepted: 0,
  unexpected: 1,
  usage: 2,
  input: 3,
  refused: 4,
  warned: 5,
  model: 6,
  interrupted: 130,
  /** As shells count a process that SIGTERM ended. */
  terminated: 143,
} as const;

/** The exit status that errors of a category end with. */
export const exitCodeOfCategory: Readonly<Record<ErrorCategory, number>> = {
  usage: exitCodes.usage,
  input: exitCodes.input,
  refused: exitCodes.refused,
  model: exitCodes.model,
  environment: exitCodes.unexpected,
  internal: exitCodes.unexpected,
};

/** What is known of every error of a code. */
export interface ErrorCode {
  readonly category: ErrorCategory;
  /** What to do where the error itself does not say. */
  readonly hint: string;
}

const usage = (hint: string): ErrorCode => ({ category: 'usage', hint });
const input = (hint: string): ErrorCode => ({ category: 'input', hint });
const model = (hint: string): ErrorCode => ({ category: 'model', hint });
const environment = (hint: string): ErrorCode => ({ category: 'environment', hint });
const internal: ErrorCode = {
  category: 'internal',
  hint: 'This is a bug in tiepoint. TIEPOINT_DEBUG=1 shows where it happened.',
};

const otherFile = 'Check that it is the file you mean, and that it is whole.';
const overwrite = 'Choose another name, or allow it to be replaced (--overwrite).';
const crs = 'Convert the file with gdalwarp first, or leave out where it says it lies (--no-georeference).';

/**
 * Every code an error can have, in all packages: a test finds each of them thrown, and nothing thrown that is not here. Programs
 * may rely on them.
 */
export const errorCodes = {
  // What was asked for, or where it should go.
  usage: usage('Run the command with --help.'),
  'invalid-option': usage('Run the command with --help for what the option takes.'),
  'invalid-size': usage('Give whole numbers from 1.'),
  'no-such-band': usage('`tiepoint info FILE` lists the bands.'),
  'no-such-overview': usage('`tiepoint info FILE` lists the overviews.'),
  'window-outside': usage('Give a window inside the image.'),
  'output-exists': usage(overwrite),
  'output-unwritable': usage('Check that the directory exists and that you may write to it.'),
  'output-unsupported': usage('Give the output another ending.'),
  'output-too-large': usage('Write a smaller image, or BIGTIFF=YES.'),
  'disk-full': usage('Free some space or write elsewhere.'),
  'training-diverged': usage('Train with a lower --learning-rate, or look at the pairs.'),
  'batch-locked': usage('Wait until the other run ends, or stop it.'),
  'settings-changed': usage('Resume with the settings the run began with, or name another folder.'),

  // What was read.
  'file-not-found': input(otherFile),
  'file-unreadable': input('Check that you may read it.'),
  'file-empty': input('Fetch or copy it again.'),
  'file-truncated': input('Fetch or copy it again.'),
  'file-corrupt': input('Fetch or copy it again; gdal_translate may save what is left.'),
  'file-too-large': input('Give a smaller file.'),
  'url-unreadable': input('Check the URL, and whether it needs a key.'),
  'url-ranges-unsupported': input('Download the file first.'),
  'unsupported-format': input('Convert it to GeoTIFF with gdal_translate first.'),
  'unsupported-compression': input('Convert it with gdal_translate -co COMPRESS=DEFLATE first.'),
  'unsupported-type': input('Convert it with gdal_translate -ot Float32 first.'),
  'image-too-large': input('Cut or shrink it with gdal_translate first.'),
  'image-too-small': input('Give an image of more pixels.'),
  'no-valid-pixels': input('Check the nodata value and the mask of the file, or choose another band.'),
  'no-structure': input('Choose another band.'),
  'no-overlap': input('Check the files, or ignore their georeferences with --no-georeference.'),
  'no-georeference': input('Give a georeferenced file.'),
  'mask-mismatch': input('Give a mask of the same size as its image.'),
  'reference-mismatch': input('Name the reference that the solution was made with.'),
  'sensed-mismatch': input('Name the image that the solution was made with, or another product of its scene.'),
  'unknown-crs': input(crs),
  'crs-needs-grid': input(crs),
  'crs-datum-unknown': input(crs),
  'crs-mismatch': input('Bring both to one coordinate system with gdalwarp first.'),
  'crs-unwritable': input('Choose another coordinate system (--dst-crs).'),
  'not-affine': input('Warp the file with gdalwarp first.'),
  'invalid-control-points': input('Check the file of points.'),
  'invalid-point': input('Give two numbers a line: x y.'),
  'point-outside': input('Give points inside the image.'),
  'points-degenerate': input('Give more points, not all on one line.'),
  'solution-invalid': input('Give the file that `tiepoint register … --solution FILE` wrote.'),
  'invalid-manifest': input('See docs/batch.md, and docs/training.md for training, for what a manifest holds.'),
  'no-training-pairs': input(
    'Pairs need "split": "train", and both images must show the same place within a few pixels.',
  ),
  'no-samples': input('The images may be too small for the side of the crops or the number of keypoints.'),

  refused: { category: 'refused', hint: 'The registration may be chance: there is no transform to apply.' },

  // Weights and checkpoints.
  'weights-missing': model('Name a file that `tiepoint train` wrote, or install the package again.'),
  'weights-invalid': model('Name a file that `tiepoint train` wrote.'),
  'other-version': model('Install the same version of tiepoint on every machine.'),
  'invalid-checkpoint': model('Name another folder, or remove the checkpoint to begin anew.'),

  // The machine.
  'queue-unavailable': environment('Check that the service runs and that its address is right.'),
  'viewer-missing': environment('In a checkout run `npm run build`; otherwise install the package again.'),
  'engine-unavailable': environment('Install the package again.'),
  'engine-failed': environment('The machine may be short of memory: close other programs, or match at a smaller size.'),

  // Faults of the program.
  'invalid-argument': internal,
  'invalid-covariance': internal,
  'rows-missing': internal,
} as const satisfies Readonly<Record<string, ErrorCode>>;

/** What is known of a code; of one that is not listed, that it is about the input. */
export function errorCodeOf(code: string): ErrorCode {
  return (errorCodes as Readonly<Record<string, ErrorCode>>)[code] ?? input(otherFile);
}
