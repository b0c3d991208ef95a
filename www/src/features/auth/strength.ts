import type { FeedbackType, TranslationKeys, ZxcvbnFactory } from '@zxcvbn-ts/core';
import { t, type Key } from '../../i18n';

/** Scores go from 0 to 4. From 3 on, guessing offline at 10,000 tries a second takes years. */
export const LEAST_SCORE = 3;

/** How hard a password is to guess. */
export interface Strength {
  score: 0 | 1 | 2 | 3 | 4;
  /** One sentence that helps to make it better; empty when there is none. */
  advice: string;
}

let estimator: Promise<ZxcvbnFactory> | undefined;

async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: named(english.translations),
  });
}

/** Loads the word lists, which are too large for the first page. A failed attempt is forgotten. */
export function prepareStrength(): Promise<ZxcvbnFactory> {
  estimator ??= loadEstimator().catch((error: unknown) => {
    estimator = undefined;
    throw error;
  });
  return estimator;
}

/** Passwords that are good in themselves, and in every book about them. */
const FAMOUS = ['correct horse battery staple', 'correcthorsebatterystaple'];

/** Estimates a password. `known` is what an attacker would try first, such as the user name. */
export async function strengthOf(password: string, known: string[]): Promise<Strength> {
  const zxcvbn = await prepareStrength();
  const { score, feedback } = zxcvbn.check(password, [
    's-mail',
    'smail',
    ...FAMOUS,
    ...known.filter(Boolean),
  ]);
  return {
    score,
    // Said anew each time it is read: the language may have changed.
    get advice() {
      return score < LEAST_SCORE ? adviceOn(feedback) : '';
    },
  };
}

function adviceOn({ warning, suggestions }: FeedbackType): string {
  const keys = [
    warning && `auth:warning.${warning}`,
    ...suggestions.map((name) => `auth:suggestion.${name}`),
  ];
  // Each has a text: what the estimator says are names of the lists that were given to it.
  const advice = keys.filter(Boolean).map((key) => t(key as Key));
  return advice.join(' ') || t('auth:generalAdvice');
}

/** Has the estimator name what it says, so that it can be said in any language. */
function named(texts: TranslationKeys): TranslationKeys {
  const names = (list: Record<string, string>) =>
    Object.fromEntries(Object.keys(list).map((key) => [key, key]));
  return {
    ...texts,
    warnings: names(texts.warnings) as TranslationKeys['warnings'],
    suggestions: names(texts.suggestions) as TranslationKeys['suggestions'],
  };
}
