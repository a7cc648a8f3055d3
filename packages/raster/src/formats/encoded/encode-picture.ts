/** Samples of 8 bits, channels side by side: grey and alpha, or red, green, blue and alpha. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 2 | 4;
}

/** How good the colours are, of 100; transparency is kept as it is. */
const quality = 82;

/**
 * Encodes a picture for people, with loss: WebP by sharp in Node, by the browser's own encoder elsewhere.
 *
 * @returns a `data:` URI; of a PNG in browsers that write no WebP
 */
export async function pictureToDataUri(picture: Picture): Promise<string> {
  if (typeof process === 'undefined' || !process.versions?.node) return encodeInBrowser(picture);
  const { default: sharp } = await import('sharp');
  const { data, ...raw } = picture;
  const bytes = await sharp(data, { raw }).toColourspace('srgb').webp({ quality, alphaQuality: 100 }).toBuffer();
  return `data:image/webp;base64,${bytes.toString('base64')}`;
}

async function encodeInBrowser({ data, width, height, channels }: Picture): Promise<string> {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = data[channels * i + (channels === 2 ? 0 : c)]!;
    pixels[4 * i + 3] = data[channels * i + channels - 1]!;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: quality / 100 });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(reader.error!));
    reader.readAsDataURL(blob);
  });
}
