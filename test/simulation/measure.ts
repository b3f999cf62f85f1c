import process from 'node:process';
import { Command } from 'commander';
import { writeRecord } from '../fixtures/record.ts';
import { measureCatchUp } from './measure/catch-up.ts';
import { measureIsolation } from './measure/isolation.ts';
import { measureStorm } from './measure/storm.ts';

// Figures of runs in virtual time. Each throws when a promise was broken on the way.
const program = new Command('node test/simulation/measure.ts').description(
  'Measures, in virtual time, what happens when very much comes at once, late, or beside what is broken.',
);

function measure(name: string, about: string, run: () => Promise<Readonly<Record<string, unknown>>>): void {
  program
    .command(name)
    .description(about)
    .option('--record <file>', 'also write the figures, with date and hardware, to a file')
    .action(async ({ record }: { readonly record?: string }) => {
      const figures = await run();
      process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
      if (record !== undefined) writeRecord(record, figures);
    });
}

measure('storm', '10,000 matching events of one app in a minute', () => measureStorm(10_000));
measure('catch-up', '24 and 72 hours without ticks', async () => ({
  day: await measureCatchUp({ hours: 24, eventCount: 33_000, matchingEvery: 100 }),
  threeDays: await measureCatchUp({ hours: 72, eventCount: 100_000, matchingEvery: 100 }),
  dayAllMatching: await measureCatchUp({ hours: 24, eventCount: 12_000, matchingEvery: 1 }),
}));
measure('isolation', '100 apps, 10 of them broken in different ways', () =>
  measureIsolation({ appCount: 100, brokenCount: 10, minutes: 60 }),
);
await program.parseAsync();
