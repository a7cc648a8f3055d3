import { TiepointError } from '@tiepoint/geometry';

/** What the WebAssembly of OpenJPEG offers; its package has no types. */
interface OpenJpegDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decodeSubResolution(halvings: number, layers: number): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  delete(): void;
}
interface OpenJpegModule {
  readonly J2KDecoder: new () => OpenJpegDecoder;
}

/** Decoded samples, components of a pixel side by side. */
export type DecodedSamples = Uint8Array | Int8Array | Uint16Array | Int16Array;

let loading: Promise<OpenJpegModule> | null = null;

async function load(): Promise<OpenJpegModule> {
  // A bundler cannot find the file of the WebAssembly: in browsers it is the same code, compiled to JavaScript.
  const isNode = typeof process !== 'undefined' && Boolean(process.versions?.node);
  const { default: factory } = isNode
    ? await import('@cornerstonejs/codec-openjpeg/decodewasmjs')
    : await import('@cornerstonejs/codec-openjpeg/decode');
  // What OpenJPEG prints is in the error already.
  return (await factory({ print: () => {}, printErr: () => {} })) as OpenJpegModule;
}

/**
 * Decodes a codestream, its resolution halved so often.
 * @param pixels how many it then has
 * @throws {TiepointError} `file-corrupt`.
 */
export async function decodeCodestream(
  bytes: Uint8Array,
  halvings: number,
  pixels: number,
  name: string,
): Promise<DecodedSamples> {
  loading ??= load();
  const { J2KDecoder } = await loading;
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.byteLength).set(bytes);
    decoder.decodeSubResolution(halvings, 0);
    // The frame's width and height are those of the whole image.
    const { bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const raw = decoder.getDecodedBuffer().slice();
    const samples: DecodedSamples =
      bitsPerSample > 8
        ? new (isSigned ? Int16Array : Uint16Array)(raw.buffer)
        : isSigned
          ? new Int8Array(raw.buffer)
          : raw;
    if (samples.length !== pixels * componentCount) throw new Error('not as many samples as pixels');
    return samples;
  } catch (cause) {
    throw new TiepointError('file-corrupt', `${name}: a tile of JPEG 2000 cannot be decoded`, {
      hint: 'The file is damaged, or of a kind that OpenJPEG does not read. Fetch or copy it again.',
      value: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  } finally {
    decoder.delete();
  }
}
