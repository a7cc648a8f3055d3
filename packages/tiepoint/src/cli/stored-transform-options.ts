import { transformModels } from '@tiepoint/geometry';
import { type Command, Option } from 'commander';

/** Adds the options that say which transform a command applies. */
export function addStoredTransformOptions(command: Command): Command {
  return command
    .option('--solution <file>', 'what `tiepoint register --solution` wrote')
    .option('--points <file>', 'control points instead: .geojson .csv .points .gcp .vrt .txt .annotation.json')
    .addOption(
      new Option('--model <model>', 'what is fitted to the control points')
        .choices([...transformModels])
        .default('affine'),
    );
}
