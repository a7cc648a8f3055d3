declare module '@cornerstonejs/codec-openjpeg/decode' {
  /** Starts OpenJPEG as plain JavaScript. */
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  /** Starts OpenJPEG as WebAssembly, which lies in a file beside it. */
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
