/** An element as a person with a screen reader would speak of it: by role and name, or by its field's label. */

/** A text is matched whole, a pattern anywhere. */
export type Name = string | RegExp;

export type Role =
  | 'alert'
  | 'alertdialog'
  | 'button'
  | 'checkbox'
  | 'combobox'
  | 'complementary'
  | 'dialog'
  | 'form'
  | 'group'
  | 'heading'
  | 'link'
  | 'list'
  | 'listbox'
  | 'listitem'
  | 'main'
  | 'menuitem'
  | 'navigation'
  | 'note'
  | 'option'
  | 'progressbar'
  | 'radio'
  | 'region'
  | 'status'
  | 'textbox'
  | 'toolbar';

export interface ByRole {
  role: Role;
  name?: Name;
  within?: Target;
  /** Means the first of several. */
  first?: boolean;
}

export interface ByLabel {
  label: Name;
  within?: Target;
}

/** Any element whose own text this is: for sentences that are shown and have no role of their own. */
export interface ByText {
  text: Name;
  within?: Target;
}

export type Target = ByRole | ByLabel | ByText;

/** Speaks of something by role and name. */
export function the(role: Role, name?: Name, within?: Target): ByRole {
  return { role, ...(name === undefined ? {} : { name }), ...(within === undefined ? {} : { within }) };
}

/** Speaks of an input by its label. */
export function field(label: Name, within?: Target): ByLabel {
  return { label, ...(within === undefined ? {} : { within }) };
}

/** Speaks of a text that is shown. */
export function words(text: Name, within?: Target): ByText {
  return { text, ...(within === undefined ? {} : { within }) };
}

/** For messages about a target. */
export function describe(target: Target): string {
  const own =
    'role' in target
      ? `${target.role} ${target.name ?? ''}`
      : 'label' in target
        ? `field ${target.label}`
        : `text ${target.text}`;
  return target.within ? `${own.trim()} in ${describe(target.within)}` : own.trim();
}
