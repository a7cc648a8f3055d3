/**
 * The part of the report's script that draws the difference: what of the reference's grey values those of the sensed image do not
 * explain. For each of 64 grey levels of the sensed image the mean of the reference is what it explains (the correlation ratio,
 * Roche et al. 1998), so that images of different sensors can be subtracted. Defines `showDifference(state, gain)`.
 */
export const differenceScript = `
  const difference = document.querySelector('#difference');
  const differences = {};
  function greyOf(image) {
    const canvas = document.createElement('canvas');
    canvas.width = difference.width; canvas.height = difference.height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Float32Array(data.length / 4);
    for (let i = 0; i < grey.length; i++) {
      grey[i] = data[4 * i + 3] < 128 ? -1 : 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
    }
    return grey;
  }
  function measureDifference(reference, sensed) {
    const levels = 64;
    const sums = new Float64Array(levels);
    const counts = new Float64Array(levels);
    const levelOf = (v) => Math.min(levels - 1, Math.floor(v * levels / 256));
    let n = 0, sum = 0, squares = 0;
    for (let i = 0; i < reference.length; i++) {
      if (reference[i] < 0 || sensed[i] < 0) continue;
      const level = levelOf(sensed[i]);
      sums[level] += reference[i]; counts[level]++;
      n++; sum += reference[i]; squares += reference[i] ** 2;
    }
    const left = new Float32Array(reference.length).fill(-1);
    let rest = 0;
    for (let i = 0; i < reference.length; i++) {
      if (reference[i] < 0 || sensed[i] < 0) continue;
      const level = levelOf(sensed[i]);
      left[i] = Math.abs(reference[i] - sums[level] / counts[level]);
      rest += left[i] ** 2;
    }
    const variance = squares / n - (sum / n) ** 2;
    return { left, share: n > 0 && variance > 0 ? Math.sqrt(rest / n / variance) : null };
  }
  async function prepareDifferences() {
    const bottom = stage.querySelector('img');
    const images = [bottom, ...Object.values(tops).filter(Boolean)];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    const scale = Math.min(1, 1200 / Math.max(bottom.naturalWidth, bottom.naturalHeight));
    difference.width = Math.max(1, Math.round(bottom.naturalWidth * scale));
    difference.height = Math.max(1, Math.round(bottom.naturalHeight * scale));
    const reference = greyOf(bottom);
    for (const [name, image] of Object.entries(tops)) if (image) differences[name] = measureDifference(reference, greyOf(image));
    const percent = ({ share }) => share === null ? 'unknown' : (100 * share).toFixed(1) + '\u00a0%';
    document.querySelector('#difference-note').textContent = 'Difference: what the sensed image leaves unexplained of the contrast of the reference, whatever the relation of their grey values: '
      + Object.entries(differences).map(([name, found]) => name + ' ' + percent(found)).join(', ') + '.';
  }
  function drawDifference(canvas, state, gain) {
    const found = differences[state];
    if (!found) return;
    canvas.width = difference.width; canvas.height = difference.height;
    const context = canvas.getContext('2d');
    const out = context.createImageData(canvas.width, canvas.height);
    for (let i = 0; i < found.left.length; i++) {
      const value = found.left[i];
      if (value < 0) continue;
      out.data[4 * i] = out.data[4 * i + 1] = out.data[4 * i + 2] = Math.min(255, value * gain);
      out.data[4 * i + 3] = 255;
    }
    context.putImageData(out, 0, 0);
  }
`;
