import type { Target } from './target.ts';

/** A file the browser was given to keep. */
export interface SavedFile {
  name: string;
  text: string;
}

/**
 * One tab of one browser with nothing in it from any other: what a person can do and see there. Every method waits
 * until what it speaks of is there, and fails with a message when it does not come.
 */
export interface Ui {
  open(path: string): Promise<void>;
  reload(): Promise<void>;
  goBack(): Promise<void>;
  /** Path of the page that is shown. */
  path(): string;
  /** Waits until the page's path is this. */
  at(path: string | RegExp): Promise<void>;

  click(target: Target): Promise<void>;
  /** Replaces what a field holds. */
  fill(target: Target, text: string): Promise<void>;
  /** Chooses the option that is called so from a list that drops down. */
  select(target: Target, option: string): Promise<void>;
  /** Presses one key, for instance `Tab` or `Enter`, wherever the focus is. */
  press(key: string): Promise<void>;
  /** Types where the focus is. */
  type(text: string): Promise<void>;

  /** Waits until it is there and visible. */
  see(target: Target): Promise<void>;
  /** Waits until it is not there, or not visible. */
  seeNo(target: Target): Promise<void>;
  /** Waits until its text holds this. */
  seeText(target: Target, text: string | RegExp): Promise<void>;
  /** Waits until the text that the element's description points to, such as an error beside a field, holds this. */
  seeDescription(target: Target, text: string | RegExp): Promise<void>;
  /** Waits until the field's value is this. */
  seeValue(target: Target, value: string): Promise<void>;
  /** Waits until it has the focus. */
  seeFocused(target: Target): Promise<void>;
  /** Whether it has the focus now. */
  hasFocus(target: Target): Promise<boolean>;
  /** Waits until so many are there. */
  seeCount(target: Target, count: number): Promise<void>;
  textOf(target: Target): Promise<string>;

  /** Does something that saves a file, and reads the file. */
  savedBy(action: () => Promise<void>): Promise<SavedFile>;
  /** Runs a function in the page. For what cannot be seen: stored keys, marks of time. */
  evaluate<Value>(work: () => Value | Promise<Value>): Promise<Value>;
  /** Number of workers that run for the page. */
  workers(): number;
  /** One more tab on the same device: it has this one's cookies and stored keys, and closes with it. */
  sibling(): Promise<Ui>;
  close(): Promise<void>;
}

/** A browser that opens tabs, each as if on a device of its own. */
export interface Browser {
  /** `onFault` hears of errors on the console and of exceptions nobody caught. */
  tab(origin: string, onFault: (fault: string) => void): Promise<Ui>;
  close(): Promise<void>;
}
