/** The only source of time. Decisions take one reading per unit of work; leases and deadlines read each time. */
export interface Clock {
  /** Epoch milliseconds. May step backward. */
  nowMs(): number;
  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void>;
}
