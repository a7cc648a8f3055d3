import { TiepointError } from '@tiepoint/geometry';
import * as Lerc from 'lerc';
import { decodeDeflate } from './decode-deflate.js';
import type { BlockContext, BlockDecoder } from '../read/decoder.js';

/** Loads Esri's LERC decoder (WebAssembly) and returns the block decoder over it. */
export async function loadLercDecoder(): Promise<BlockDecoder> {
  await Lerc.load();
  return decodeLercBlock;
}

async function decodeLercBlock(bytes: Uint8Array, context: BlockContext): Promise<Uint8Array> {
  const blob = await unwrap(bytes, context);
  const info = Lerc.getBlobInfo(blob);
  // The blob's own header is checked before anything of its size is allocated.
  if (
    info.width !== context.width ||
    info.height > context.height ||
    info.depthCount * info.bandCount !== context.samples ||
    info.height * info.width * context.samples * (context.bitsPerSample / 8) > context.expectedBytes
  ) {
    throw new TiepointError('file-corrupt', `a LERC block of ${info.width}×${info.height} where another size is due`, {
      hint: 'Fetch or copy the file again.',
      value: { width: info.width, height: info.height, depth: info.depthCount },
    });
  }
  const decoded = Lerc.decode(blob, { returnInterleaved: true });
  const first = decoded.pixels[0];
  if (!first) return new Uint8Array(0);
  const pixels = decoded.width * decoded.height;
  const interleaved = decoded.pixels.length === 1 ? first : interleave(decoded.pixels, pixels);
  maskToNan(interleaved, decoded.mask, pixels);
  return new Uint8Array(interleaved.buffer, interleaved.byteOffset, interleaved.byteLength);
}

/** LERC may be wrapped in deflate or ZSTD, named by the second LercParameter. */
async function unwrap(bytes: Uint8Array, context: BlockContext): Promise<Uint8Array> {
  const additional = context.lercParameters?.[1] ?? 0;
  if (additional === 0) return bytes;
  // LERC never grows data by more than its headers and masks.
  const most = context.expectedBytes * 2 + 4096;
  const inner = { ...context, expectedBytes: most, wantedBytes: most };
  if (additional === 1) return decodeDeflate(bytes, inner);
  if (additional === 2) {
    const { decodeZstdFrame } = await import('./decode-zstd.js');
    return decodeZstdFrame(bytes, inner.expectedBytes);
  }
  throw new TiepointError(
    'unsupported-compression',
    `LERC with additional compression ${additional} is not supported`,
    {
      hint: 'Rewrite the file: gdal_translate -co COMPRESS=DEFLATE in.tif out.tif',
      value: additional,
    },
  );
}

function interleave(bands: readonly Lerc.PixelTypedArray[], pixels: number): Lerc.PixelTypedArray {
  const first = bands[0]!;
  const out = new (first.constructor as new (length: number) => Lerc.PixelTypedArray)(pixels * bands.length);
  for (const [b, band] of bands.entries()) {
    for (let i = 0; i < pixels; i++) out[i * bands.length + b] = band[i]!;
  }
  return out;
}

/** LERC's own mask marks pixels without a value; as in GDAL, they are NaN in float files. */
function maskToNan(data: Lerc.PixelTypedArray, mask: Uint8Array | null, pixels: number): void {
  if (!mask || !(data instanceof Float32Array || data instanceof Float64Array)) return;
  const samples = data.length / pixels;
  for (let i = 0; i < pixels; i++) {
    if (mask[i] === 0) data.fill(Number.NaN, i * samples, (i + 1) * samples);
  }
}
