/**
 * A fact the source recorded about a lead. Every field but `type` may be missing: the source leaves out
 * what it does not know, and one odd field must not cost an alert.
 */
export type Event = {
  /** The source's own id. It contains the lead's number: never a key, never logged; see `hashEvent`. */
  readonly id: string | undefined;
  readonly type: string;
  readonly typeId: string | undefined;
  /** The text the lead wrote or chose. Untrusted. */
  readonly typeValue: string | undefined;
  /** Undefined when the source gave no date or none that can be read. */
  readonly occurredAtMs: number | undefined;
  readonly campaignId: string | undefined;
  readonly adId: string | undefined;
  /** A phone number or any other handle of the lead. Opaque, may be missing. */
  readonly phone: string | undefined;
  /** Stands in for a missing id: all fields of the record in a fixed order. Empty where there is an id. */
  readonly canonical: string;
};

/** Half-open span of event time. */
export type Window = { readonly fromMs: number; readonly untilMs: number };
