import type { Texts } from './languages';

/** The texts of one language from its files, each a namespace that is called as the file is: `./common.json`. */
export function byNamespace(files: Record<string, Record<string, string>>): Texts {
  const named = Object.entries(files).map(([path, texts]) => [
    path.slice('./'.length, -'.json'.length),
    texts,
  ]);
  return Object.fromEntries(named) as Texts;
}
