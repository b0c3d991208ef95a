import { mailError, type MailError } from '../../crypto/errors';
import type { OnStep } from '../../crypto/mail-service';
import type { Step } from '../../crypto/views';
import { errorText } from '../../i18n/error-text';

/** One thing at a time that takes a while and may fail: its step, and its error. */
export class Attempt {
  step = $state<Step | undefined>();
  error = $state.raw<MailError | undefined>();

  get busy(): boolean {
    return this.step !== undefined;
  }

  /** The error's text when it is about this field. */
  errorAt(...fields: string[]): string | undefined {
    const field = this.error?.field;
    return this.error && field !== undefined && fields.includes(field) ? errorText(this.error) : undefined;
  }

  /** The error's text when it is about none of these fields. */
  errorBeside(...fields: string[]): string | undefined {
    return this.error && this.errorAt(...fields) === undefined ? errorText(this.error) : undefined;
  }

  /** Runs it, unless something is under way; answers whether it went well. */
  async run(act: (onStep: OnStep) => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.step = 'contacting';
    this.error = undefined;
    try {
      await act((step) => (this.step = step));
      return true;
    } catch (thrown) {
      this.error = mailError(thrown);
      return false;
    } finally {
      this.step = undefined;
    }
  }
}
