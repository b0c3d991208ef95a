// What the rest of the page takes from here; formats of numbers, sizes and dates are in `formats`.
export type { Key } from './keys';
export { locale } from './locale.svelte';
export { pieces, t } from './text';
