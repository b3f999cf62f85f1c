/** Something that happens at `atMs`, or as soon after it as somebody looks: it is told both times. */
export type Step = { readonly atMs: number; readonly run: (atMs: number, nowMs: number) => void };

/** What is still to come, kept without timers: it happens when somebody lets it catch up. */
export type Schedule = {
  add(step: Step): void;
  /** Runs what is due, earliest first, with what the steps themselves add. */
  advance(nowMs: number): void;
};

/** An empty schedule. */
export function createSchedule(): Schedule {
  const steps: Step[] = [];
  function takeDue(nowMs: number): Step | undefined {
    const earliest = steps.reduce<Step | undefined>(
      (found, step) => (found === undefined || step.atMs < found.atMs ? step : found),
      undefined,
    );
    if (earliest === undefined || earliest.atMs > nowMs) return undefined;
    steps.splice(steps.indexOf(earliest), 1);
    return earliest;
  }
  return {
    add: (step) => {
      steps.push(step);
    },
    advance: (nowMs) => {
      for (let step = takeDue(nowMs); step !== undefined; step = takeDue(nowMs)) step.run(step.atMs, nowMs);
    },
  };
}
