import type english from './en';

type Texts = typeof english;
type Form = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
/** A key without the ending of its plural forms. */
type Plain<Word> = Word extends `${infer Before}_${Form}` ? Before : Word;
type KeysOf<Namespace extends keyof Texts> = Plain<keyof Texts[Namespace] & string> & string;

/** Every text there is, as `namespace:key`. */
export type Key = { [Namespace in keyof Texts]: `${Namespace}:${KeysOf<Namespace>}` }[keyof Texts];
