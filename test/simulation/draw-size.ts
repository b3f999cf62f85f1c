/** How much happens in a history, each number at most. */
export type Size = {
  readonly apps: number;
  readonly receivers: number;
  readonly rules: number;
  /** Ticks while everything may go wrong. */
  readonly chaosTicks: number;
  /** Records from before the app was polled, and while it is. */
  readonly oldRecords: number;
  readonly liveRecords: number;
  readonly storms: boolean;
  /** Minutes after faults have stopped at which a tick is due; see `quietTicks`. */
  readonly healingMinutes: readonly number[];
};

/** What was refused waits up to a quarter of an hour, a failing app up to an hour. */
export const LARGE: Size = {
  apps: 3,
  receivers: 3,
  rules: 3,
  chaosTicks: 14,
  oldRecords: 12,
  liveRecords: 10,
  storms: true,
  healingMinutes: [0, 1, 2, 3, 4, 6, 9, 17, 18, 34],
};

/** Most mistakes need one app and two alerts: of such histories many more can be tried in the same time. */
export const SMALL: Size = {
  apps: 1,
  receivers: 2,
  rules: 2,
  chaosTicks: 7,
  oldRecords: 2,
  liveRecords: 3,
  storms: false,
  healingMinutes: [0, 1, 2, 4, 17],
};
