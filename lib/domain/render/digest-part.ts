import type { AlertFacts } from '../ledger-row.ts';
import type { Message } from './message.ts';

/** One message of a digest and the alerts it names, or by SMS counts. */
export type DigestPart = { readonly message: Message; readonly covers: readonly AlertFacts[] };
