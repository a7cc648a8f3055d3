import { orientations, type StructureMaps } from './structure-maps.js';

/** Cells along a side of the patch. */
const cells = 6;
/** Side of the patch, px. */
const patch = 96;
/** Px between samples: the index map is smooth, and a quarter of the samples give the same histograms. */
const stride = 2;
/** Any patch pixel, turned, lies within this of its centre. */
const frame = Math.ceil(patch * Math.SQRT1_2) + 1;

/** Turns an image can be described at: half the steps of the filters' orientations, all around. */
export const turns = 4 * orientations;
/** Numbers of a descriptor. */
export const descriptorLength = cells * cells * orientations;

/** The index map with a frame of no support, so that patches need no bounds. */
function framed(index: Uint8Array, width: number, height: number): Uint8Array {
  const side = width + 2 * frame;
  const out = new Uint8Array(side * (height + 2 * frame)).fill(orientations);
  for (let y = 0; y < height; y++) out.set(index.subarray(y * width, (y + 1) * width), (y + frame) * side + frame);
  return out;
}

/** Where the samples of a turned patch lie in a map `side` px wide, relative to its centre, and the first bin of their cells. */
function sampleTable(turn: number, side: number): { offsets: Int32Array; bins: Int32Array } {
  const angle = (-2 * Math.PI * turn) / turns;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const perSide = patch / stride;
  const offsets = new Int32Array(perSide * perSide);
  const bins = new Int32Array(perSide * perSide);
  for (let row = 0; row < perSide; row++) {
    for (let column = 0; column < perSide; column++) {
      const x = (column + 0.5 - perSide / 2) * stride;
      const y = (row + 0.5 - perSide / 2) * stride;
      const i = row * perSide + column;
      offsets[i] = Math.round(sin * x + cos * y) * side + Math.round(cos * x - sin * y);
      const cell = Math.floor((row * cells) / perSide) * cells + Math.floor((column * cells) / perSide);
      bins[i] = cell * (orientations + 1);
    }
  }
  return { offsets, bins };
}

/** Samples of a cell. */
const cellSamples = (patch / stride / cells) ** 2;

/**
 * Square roots of the shares of each orientation in a cell, less their mean, weighted by the cell's support. A whole patch gets
 * unit length, a cut one as much less as it is cut: cells without support then neither add to an inner product nor take from it,
 * and the border of an image, which is the same in every image, does not become a likeness.
 */
function normalise(histogram: Int32Array, out: Float32Array, shift: number): void {
  let energy = 0;
  let support = 0;
  for (let cell = 0; cell < cells * cells; cell++) {
    const from = cell * (orientations + 1);
    const to = cell * orientations;
    const count = cellSamples - histogram[from + orientations]!;
    if (count === 0) {
      out.fill(0, to, to + orientations);
      continue;
    }
    const weight = count / cellSamples;
    let mean = 0;
    for (let o = 0; o < orientations; o++) {
      // Turned structure has its normal turned as well.
      const share = histogram[from + ((o - shift + turns) % orientations)]! / count;
      mean += (out[to + o] = Math.sqrt(share)) / orientations;
    }
    for (let o = 0; o < orientations; o++) {
      const value = (out[to + o]! - mean) * weight;
      out[to + o] = value;
      energy += value * value;
    }
    support += weight * weight;
  }
  const scale = energy > 0 ? Math.sqrt(support / (cells * cells) / energy) : 0;
  for (let i = 0; i < descriptorLength; i++) out[i]! *= scale;
}

/**
 * Describes keypoints by histograms of the maximum index map over 6×6 cells of a 96 px patch (Li, Hu and Ai 2019, §3.3), as they
 * would be in the image turned by `turn`·15° from +x towards +y: the patch is turned back and the indices are shifted
 * cyclically, as the filters themselves do not turn.
 *
 * @param turn - odd ones need the second index map
 * @returns `rows` descriptors of at most unit length, row-major; 0 beyond the keypoints
 */
export function describeKeypoints(
  maps: StructureMaps,
  keypoints: Int32Array,
  turn: number,
  rows: number,
): Float32Array {
  const { width, height } = maps;
  const side = width + 2 * frame;
  // Odd turns see the orientations between.
  const map = framed(maps.index[turn % 2]!, width, height);
  const { offsets, bins } = sampleTable(turn, side);
  const samples = offsets.length;
  const histogram = new Int32Array(cells * cells * (orientations + 1));
  const out = new Float32Array(rows * descriptorLength);
  for (let k = 0; k < keypoints.length; k++) {
    const at = keypoints[k]!;
    const centre = (Math.floor(at / width) + frame) * side + (at % width) + frame;
    histogram.fill(0);
    for (let i = 0; i < samples; i++) histogram[bins[i]! + map[centre + offsets[i]!]!]!++;
    normalise(histogram, out.subarray(k * descriptorLength, (k + 1) * descriptorLength), Math.ceil(turn / 2));
  }
  return out;
}
