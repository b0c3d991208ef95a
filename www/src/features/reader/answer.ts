/** What can be written in answer to a message. */
export type Answer = 'reply' | 'reply-all' | 'forward';
