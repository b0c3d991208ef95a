/** What a message says, in the forms in which it is kept and sent. */
export interface Body {
  text: string;
  /** The same as it is formatted; undefined when it has no formatting. */
  html: string | undefined;
  /** The pictures that it shows. */
  contentIds: string[];
}
