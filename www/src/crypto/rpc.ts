import type { ErrorRecord } from './errors';
import type { ExportProgress, MailCalls, MailEvent, Transfer } from './mail-service';
import type { ImportProgress, Step } from './views';

/** The names of the calls. */
export type CallName = keyof MailCalls;

/** What is told of a call while it is under way. */
export type Progress = Step | Transfer | ImportProgress | ExportProgress;

/** Whoever hears of it; each call has its own kind. */
export type OnProgress = (progress: never) => void;

type WithoutOnStep<Arguments extends unknown[]> = Arguments extends [...infer Rest, OnProgress]
  ? Rest
  : Arguments;

/** A call's arguments as they are posted: without the progress callback, which becomes messages. */
export type PostedArguments<Name extends CallName> = WithoutOnStep<Parameters<MailCalls[Name]>>;

/** What a call comes to. */
export type CallResult<Name extends CallName> = Awaited<ReturnType<MailCalls[Name]>>;

/** One call, under way until an answer with its id. */
export interface CallMessage {
  kind: 'call';
  id: number;
  name: CallName;
  arguments: unknown[];
}

/** Page to worker. */
export type PageMessage = CallMessage | { kind: 'ping' };

/** Worker to page. */
export type WorkerMessage =
  | { kind: 'step'; id: number; step: Progress }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'failure'; id: number; error: ErrorRecord }
  /** WebAssembly trapped in this call: the instance can no longer be trusted. */
  | { kind: 'trapped'; id: number }
  | { kind: 'event'; event: MailEvent }
  /** This message is about to be taken apart: if the worker ends or hangs now, that is why. */
  | { kind: 'opening'; itemId: string }
  | { kind: 'opened'; itemId: string }
  | { kind: 'pong' };
