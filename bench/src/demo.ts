import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMatrixTransform, transformPoint } from '@tiepoint/geometry';
import { openRaster, warp } from '@tiepoint/raster';
import { register, transformFromJson } from 'tiepoint';
import { buildReport } from 'tiepoint/node';
import { writeSideBySide } from './demo-picture.js';
import { checkPointErrors, type DemoScene, demoScenes, prepareScene } from './demo-scenes.js';

const root = 'demo';

function matrixLines(matrix: readonly number[]): string[] {
  return [0, 3].map((row) =>
    matrix
      .slice(row, row + 3)
      .map((value) => value.toFixed(4).padStart(10))
      .join(''),
  );
}

/** Registers one scene, prints the error beside the truth and returns whether it may be shown as a success. */
async function runScene(scene: DemoScene): Promise<boolean> {
  const folder = join(root, scene.name);
  await mkdir(folder, { recursive: true });
  const { reference, sensed, sensedToReference: truth } = await prepareScene(scene, folder);
  const moved = checkPointErrors((x, y) => [x, y], truth);
  console.log(`\n${scene.title}`);
  console.log(
    `  the sensed image was turned by ${scene.turn}°, scaled by ${scene.scale} and shifted by (${scene.shift.join(', ')}) px:`,
  );
  console.log(`  its pixels lie ${moved.median.toFixed(1)} px off in the median, ${moved.worst.toFixed(1)} px at most`);

  await using referenceFile = await openRaster(reference);
  await using sensedFile = await openRaster(sensed);
  const result = await register(referenceFile, sensedFile, { seed: 0 });
  const { registration } = result;
  const { verdict, inliers, tiePoints, seconds, method, model, accuracy } = registration;
  console.log(
    `  ${verdict}: ${inliers} of ${tiePoints} tie points agree with one ${model} transform (${method}, ${seconds.toFixed(1)} s)`,
  );
  for (const reason of registration.reasons) console.log(`    ${reason}`);
  const report = join(folder, 'report.html');
  await writeFile(report, await buildReport(referenceFile, sensedFile, result));
  await writeFile(join(folder, 'solution.json'), `${JSON.stringify(registration, null, 2)}\n`);
  const transform = transformFromJson(registration);
  if (transform === null) return false;

  const registered = join(folder, 'registered.tif');
  await warp(sensedFile, registered, {
    sensedToReference: transform,
    reference: referenceFile,
    resampling: 'cubic',
    overwrite: true,
  });
  await writeSideBySide(join(folder, 'side-by-side.png'), { reference, sensed, registered });
  const error = checkPointErrors((x, y) => transformPoint(transform, x, y), truth);
  if (isMatrixTransform(transform)) {
    const found = matrixLines(transform.matrix);
    matrixLines(truth.matrix).forEach((line, i) =>
      console.log(`  ${i === 0 ? 'truth' : '     '} ${line}   ${i === 0 ? 'found' : '     '} ${found[i]}`),
    );
  }
  console.log(
    `  error against the truth: median ${error.median.toFixed(2)} px, worst ${error.worst.toFixed(2)} px${scene.note === undefined ? '' : ` (${scene.note})`}`,
  );
  if (accuracy !== null) {
    console.log(
      `  error it states itself: check RMSE ${accuracy.checkRmse.toFixed(2)} px, CE90 ${accuracy.ce90.toFixed(2)} px, predicted sd ${accuracy.predictedSd.toFixed(2)} px`,
    );
  }
  for (const path of [registered, report, join(folder, 'side-by-side.png')]) console.log(`  wrote ${path}`);
  return verdict !== 'refuse' && error.median < 3;
}

console.log('Two pairs of real images of different sensors (NASA imagery from the npm package three-globe).');
let good = true;
for (const scene of demoScenes) good = (await runScene(scene)) && good;
if (!good) process.exitCode = 1;
