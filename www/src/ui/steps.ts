import type { Step } from '../crypto/views';
import { t } from '../i18n';

/** What a step is called while it lasts. */
export function stepText(step: Step): string {
  return t(`common:step.${step}`);
}
