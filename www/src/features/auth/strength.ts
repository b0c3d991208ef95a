import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Scores go from 0 to 4. From 3 on, guessing offline at 10,000 tries a second takes years. */
export const LEAST_SCORE = 3;

/** How hard a password is to guess. */
export interface Strength {
  score: 0 | 1 | 2 | 3 | 4;
  /** One sentence that helps to make it better; empty when there is none. */
  advice: string;
}

export const SCORE_NAME: Record<Strength['score'], string> = {
  0: 'Very weak',
  1: 'Very weak',
  2: 'Weak',
  3: 'Good',
  4: 'Strong',
};

const GENERAL_ADVICE = 'Add more words that do not belong together: three or four are easy to keep in mind.';

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
    translations: english.translations,
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

/** Estimates a password. `known` is what an attacker would try first, such as the user name. */
export async function strengthOf(password: string, known: string[]): Promise<Strength> {
  const zxcvbn = await prepareStrength();
  const { score, feedback } = zxcvbn.check(password, ['s-mail', 'smail', ...known.filter(Boolean)]);
  const advice = [feedback.warning, ...feedback.suggestions].filter(Boolean).join(' ');
  return { score, advice: score < LEAST_SCORE ? advice || GENERAL_ADVICE : '' };
}
