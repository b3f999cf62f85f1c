import type { CallKind, Life, Simulation } from '../simulation-state.ts';

/** How one call goes: the way there and back, and what goes wrong. */
export type Course = {
  readonly thereMs: number;
  readonly backMs: number;
  /** `before`: not applied. `after`: applied, but nobody is told. `late`: applied after the error was told. */
  readonly error?: 'before' | 'after' | 'late' | undefined;
};

/**
 * Every call of an invocation to the outside goes through here. Once the invocation is dead no call of it is
 * made and none comes back: it stands still for good. What was under way is applied all the same.
 */
export function throughGate<T>(
  simulation: Simulation,
  life: Life,
  kind: CallKind,
  about: string,
  course: Course,
  apply: () => Promise<T>,
): Promise<T> {
  const { time, trace } = simulation;
  if (life.end !== 'running') return new Promise(() => undefined);
  const crash = crashAt(simulation, kind);
  trace.add(`${time.nowMs()} ${life.owner} ${kind} ${about} ${course.error ?? ''}${crash ?? ''}`);
  if (crash === 'before') {
    end(simulation, life, 'crashed');
    return new Promise(() => undefined);
  }
  life.pendingCount += 1;
  return new Promise((resolve, reject) => {
    const answer = (tell: () => void): void => {
      time.at(time.nowMs() + course.backMs, () => {
        if (life.end !== 'running') return;
        life.pendingCount -= 1;
        tell();
      });
    };
    const fail = (): void => answer(() => reject(new Error(`${kind} failed`)));
    time.at(time.nowMs() + course.thereMs, () => {
      if (course.error === 'before') return fail();
      if (course.error === 'late') {
        fail();
        time.at(time.nowMs() + course.backMs + simulation.random.int(1, 1_500), () => void apply());
        return;
      }
      void apply().then(
        (value) => {
          if (crash === 'after') end(simulation, life, 'crashed');
          if (course.error === 'after') fail();
          else answer(() => resolve(value));
        },
        // What was asked for cannot be done.
        (error: Error) => answer(() => reject(error)),
      );
    });
  });
}

/** Ends an invocation; from here on it makes no call and learns of none. */
export function end(simulation: Simulation, life: Life, how: Exclude<Life['end'], 'running'>): void {
  if (life.end !== 'running') return;
  life.end = how;
  simulation.trace.add(`${simulation.time.nowMs()} ${life.owner} ${how}`);
}

function crashAt(simulation: Simulation, kind: CallKind): 'before' | 'after' | undefined {
  const { calls, crash, faults, time } = simulation;
  calls.set(kind, (calls.get(kind) ?? 0) + 1);
  if (crash !== undefined && time.nowMs() >= crash.fromMs && time.nowMs() < crash.untilMs) {
    simulation.plannedCalls.push(kind);
    if (simulation.plannedCalls.length - 1 === crash.callIndex) return crash.side;
  }
  if (faults.fires('crash-before-call')) return 'before';
  return faults.fires('crash-after-call') ? 'after' : undefined;
}
