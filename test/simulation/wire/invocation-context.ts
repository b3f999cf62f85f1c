import { AsyncLocalStorage } from 'node:async_hooks';
import type { Life } from '../simulation-state.ts';

/** Whose request it is that comes to a wire, and within which call of a port. */
export type CallContext = {
  readonly life: Life;
  /** What the wires have to say of the requests of this call, in turn. */
  readonly notes: unknown[];
};

const contexts = new AsyncLocalStorage<CallContext>();

/** Runs `work` so that every request it leads to is known to be of this invocation. */
export function inContext<T>(context: CallContext, work: () => T): T {
  return contexts.run(context, work);
}

/** @throws Error for a request that no invocation made. */
export function contextOfCall(): CallContext {
  const context = contexts.getStore();
  if (context === undefined) throw new Error('a request came to the wire that no invocation made');
  return context;
}
