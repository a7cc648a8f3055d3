/** Encodes a tile of one or three bands of 8 bits as an image of its own: JPEG in YCbCr with halved colour, WebP. */
export async function encodeImageTile(
  bytes: Uint8Array,
  { width, height, samples }: { readonly width: number; readonly height: number; readonly samples: number },
  kind: 'jpeg' | 'webp',
  quality: number,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const tile = sharp(bytes, { raw: { width, height, channels: samples === 1 ? 1 : 3 } });
  // One band would be written as three alike.
  const image = samples === 1 ? tile.toColourspace('b-w') : tile;
  const encoded =
    kind === 'jpeg'
      ? image.jpeg({ quality, chromaSubsampling: '4:2:0' })
      : image.webp({ quality, lossless: quality === 100 });
  return new Uint8Array(await encoded.toBuffer());
}
