import type { App } from '../../../lib/domain/alert-config.ts';
import type { FailureReason } from '../../../lib/domain/app-state.ts';
import { appOf, receiver, rule } from '../../fixtures/alert-config.ts';
import { type History, MINUTE_MS, SECOND_MS } from '../history.ts';
import { seededRandom } from '../random.ts';
import { runWorld } from '../run-history.ts';
import { recordAt, START_MS, scenario } from '../scenario.ts';
import { firstToldMs, mustHold } from './told.ts';

export type IsolationFigures = {
  readonly apps: number;
  /** Apps in trouble, each in one of these ways. */
  readonly broken: number;
  readonly troubles: readonly string[];
  readonly minutes: number;
  /** Alerts of the other apps. */
  readonly alerts: number;
  /** From when an event can be read to when its alert leaves. */
  readonly delayP99SecondsAlone: number;
  readonly delayP99SecondsBesideBroken: number;
  readonly p99ChangePercent: number;
  /** Most ticks by which one alert left later than it did without broken apps beside it. */
  readonly laterTicksMax: number;
};

/** What a broken app does, and what the client of the API makes of it; `hangs` takes longer than any deadline. */
const TROUBLES: readonly { readonly name: string; readonly because: FailureReason | 'hangs' }[] = [
  { name: 'hangs', because: 'hangs' },
  { name: '429', because: 'rate-limited' },
  { name: 'HTML', because: 'unreadable' },
  { name: '401', because: 'unauthorised' },
  { name: '5xx', because: 'unavailable' },
  { name: 'reset', because: 'unavailable' },
  { name: 'truncated', because: 'unreadable' },
  { name: '403', because: 'forbidden' },
  { name: '404', because: 'gone' },
  { name: '400', because: 'rejected' },
];

/** What `recordAt` leaves between an event and the first answer that shows it. */
const VISIBLE_AFTER_MS = 5 * SECOND_MS;

type Size = { readonly appCount: number; readonly brokenCount: number; readonly minutes: number };

/** The same apps and events with some of the apps broken and without. @throws Error when a promise is broken on the way. */
export async function measureIsolation(size: Size): Promise<IsolationFigures> {
  const apps = Array.from({ length: size.appCount }, (_, index) => appOf(`c-${index}`, `${index}`));
  const every = Math.floor(size.appCount / size.brokenCount);
  const broken = apps.filter((_, index) => index % every === 0).slice(0, size.brokenCount);
  const well = apps.filter((app) => !broken.includes(app));
  const history = historyOf(apps, well, size);
  const alone = await toldOf(history);
  const beside = await toldOf(breaking(history, broken, size.minutes));
  const later = [...alone].map(([rowId, { tick }]) => (beside.get(rowId)?.tick ?? Infinity) - tick);
  const p99Alone = p99DelayMs(alone);
  const p99Beside = p99DelayMs(beside);
  return {
    apps: size.appCount,
    broken: broken.length,
    troubles: broken.map((_, index) => troubleOf(index).name),
    minutes: size.minutes,
    alerts: alone.size,
    delayP99SecondsAlone: p99Alone / SECOND_MS,
    delayP99SecondsBesideBroken: p99Beside / SECOND_MS,
    p99ChangePercent: Math.round((p99Beside / p99Alone - 1) * 1_000) / 10,
    laterTicksMax: Math.max(...later),
  };
}

/** Every app that is well has a receiver of its own, so that nothing but the apps can delay an alert. */
function historyOf(apps: readonly App[], well: readonly App[], { minutes }: Size): History {
  const random = seededRandom(1, 1);
  const records = well.flatMap((app) =>
    Array.from({ length: Math.floor(minutes / 2) - 1 }, (_, index) =>
      recordAt(1 + 2 * (index + random.next()), `${app.app}-${index}`, { app: app.key }),
    ),
  );
  const { history } = scenario('isolation', {
    files: [
      [
        0,
        {
          apps,
          receivers: apps.map(({ app }) => receiver(`to-${app}`, { email: { to: [`${app}@example.com`] } })),
          rules: apps.map(({ app }) => rule(`rule-${app}`, [`to-${app}`], { apps: [app] })),
        },
      ],
    ],
    records,
    minutes: Array.from({ length: minutes }, (_, minute) => minute),
  });
  return history;
}

function breaking(history: History, broken: readonly App[], minutes: number): History {
  const untilMs = START_MS + minutes * MINUTE_MS;
  const withTrouble = broken.map((app, index) => ({ app: app.key, because: troubleOf(index).because }));
  return {
    ...history,
    slowUntilHeal: withTrouble.filter((one) => one.because === 'hangs').map((one) => one.app),
    outages: withTrouble.flatMap(({ app, because }) =>
      because === 'hangs' ? [] : [{ app, because, fromMs: START_MS, untilMs }],
    ),
  };
}

function troubleOf(index: number) {
  const trouble = TROUBLES[index % TROUBLES.length];
  if (trouble === undefined) throw new RangeError('there is no trouble');
  return trouble;
}

type Told = {
  /** From when its event could be read (to the second) to when its message left. */
  readonly delayMs: number;
  /** The tick that told it, counted from the start. */
  readonly tick: number;
};

async function toldOf(history: History): Promise<ReadonlyMap<string, Told>> {
  const { world } = await runWorld(history);
  mustHold(world);
  const told = new Map<string, Told>();
  for (const [rowId, toldMs] of firstToldMs(world.publisher.published)) {
    const occurredMs = world.truth.rows.get(rowId)?.facts.occurredAtMs ?? toldMs;
    const tick = Math.floor((toldMs - START_MS) / MINUTE_MS);
    told.set(rowId, { delayMs: toldMs - occurredMs - VISIBLE_AFTER_MS, tick });
  }
  return told;
}

function p99DelayMs(told: ReadonlyMap<string, Told>): number {
  const sorted = [...told.values()].map((one) => one.delayMs).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}
