// Where the WebAssembly module is: where the package looks for it. Some bundlers' tests put another file here.
export const source = undefined;
