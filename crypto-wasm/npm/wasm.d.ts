/**
 * The WebAssembly module, imported through a bundler that gives a file's address (esbuild: `--loader:.wasm=file`), for
 * `init`.
 */
declare const address: string;
export default address;
