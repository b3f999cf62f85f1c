import type { PhoneView } from './phone.ts';

/** How one receiver is told: zone of its times, and whether it may see a lead's number. */
export type View = { readonly timeZone: string; readonly phones: PhoneView };
