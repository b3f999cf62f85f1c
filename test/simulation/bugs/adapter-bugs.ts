import type { SeededBug } from './seeded-bug.ts';

/** Mistakes at the edge: what only histories through the real adapters can notice. */
export const ADAPTER_BUGS: readonly SeededBug[] = (
  [
    {
      name: 'sns-client-retries',
      what: 'The SNS client sends a publish again by itself after a reset or a 5xx.',
      file: 'lib/adapters/sns/client.ts',
      find: 'maxAttempts: 1,',
      replace: 'maxAttempts: 3,',
      breaks: ['I2', 'I7', 'S7'],
    },
    {
      name: 'sns-5xx-refused',
      what: 'A 5xx of SNS is taken for a refusal, although the message may have been taken.',
      file: 'lib/adapters/sns/outcome.ts',
      find: "if (status < 400 || status > 499) return { kind: 'unknown', because };",
      replace: "if (status > 499) return { kind: 'refused', heals: true, because };",
      breaks: ['I2'],
    },
    {
      name: 'sns-reset-refused',
      what: 'A connection that broke is taken for one that never was.',
      file: 'lib/adapters/sns/outcome.ts',
      find: 'const isUnsent = failure.isBeforeSending || NO_CREDENTIALS.test(name);',
      replace:
        "const isUnsent = failure.isBeforeSending || NO_CREDENTIALS.test(name) || failure.code === 'ECONNRESET';",
      breaks: ['I2'],
    },
    {
      name: 'unprocessed-keys-ignored',
      what: 'What the table leaves unanswered of a batch passes for absent.',
      file: 'lib/adapters/dynamodb/batch-get.ts',
      find: 'if (pending.length > 0)',
      replace: 'if (pending.length > KEYS_MAX)',
      breaks: ['S9'],
    },
    {
      name: 'first-page-of-a-query',
      what: 'Only the first page of a query is read.',
      file: 'lib/adapters/dynamodb/timed-list.ts',
      find: 'if (items.length >= countMax) break;',
      replace: 'break;',
      breaks: ['S9', 'I5'],
    },
    {
      name: 'lost-without-a-look',
      what: 'A failed condition is taken for a lost swap, although it may have failed on its own first attempt.',
      file: 'lib/adapters/dynamodb/swap-store.ts',
      find: "if (written.kind === 'done') return { kind: 'written', now };",
      replace: `if (written.kind === 'done') return { kind: 'written', now };
    if (String(written.error).startsWith('ConditionalCheckFailed')) return { kind: 'lost', now: seen };`,
      breaks: ['S9', 'S5'],
    },
    {
      name: 'flush-without-a-look',
      what: 'A failed condition is taken for a target that is not held any more.',
      file: 'lib/adapters/dynamodb/outcome.ts',
      find: 'return await read();',
      replace: `if (isConditionFailure(write)) return undefined as T;
    return await read();`,
      breaks: ['S9', 'I2', 'S1'],
    },
    {
      name: 'failed-write-is-fine',
      what: 'A record of which the answer was lost passes for written.',
      file: 'lib/adapters/dynamodb/row-store.ts',
      find: 'if (!isConditionFailure(error)) throw error;',
      replace: 'if (isConditionFailure(error)) throw error;',
      breaks: ['S9', 'I2', 'S1'],
    },
    {
      name: 'put-errors-swallowed',
      what: 'A reminder or a failure that could not be put passes for put.',
      file: 'lib/adapters/dynamodb/timed-list.ts',
      find: 'await client.send(new PutCommand({ TableName: tableName, Item: { ...storable(attributes), ...key } }));',
      replace:
        'await client.send(new PutCommand({ TableName: tableName, Item: { ...storable(attributes), ...key } })).catch(() => undefined);',
      breaks: ['S9', 'S6', 'S2'],
    },
    {
      name: 'expiry-trusted',
      what: 'A row that may expire passes for gone: its expiry in seconds is compared with a time in milliseconds.',
      file: 'lib/adapters/dynamodb/row-store.ts',
      find: 'return new Map(rows.map((row) => [formatKey(row.key), row]));',
      replace: `const there = rows.filter((row) => row.expiresAtS === undefined || row.expiresAtS > Date.now());
    return new Map(there.map((row) => [formatKey(row.key), row]));`,
      breaks: ['S9'],
    },
    {
      name: 'unreadable-body-is-empty',
      what: 'A body that is no JSON passes for an empty page.',
      file: 'lib/signals/body.ts',
      find: "return { kind: 'not-json' };",
      replace: "return { kind: 'json', value: [] };",
      breaks: ['S4', 'S10', 'I1'],
    },
    {
      name: 'error-body-is-empty',
      what: 'An answer under status 200 that reports an error passes for an empty page.',
      file: 'lib/signals/wire-events.ts',
      find: 'if (!Array.isArray(data))',
      replace: `if (data === undefined || data === null) return { kind: 'list', list: { records: [], totalCount: 0, limit: undefined } };
  if (!Array.isArray(data))`,
      breaks: ['S4', 'S10', 'I1'],
    },
    {
      name: 'zone-ignored',
      what: 'Dates without a zone are read as UTC, whatever zone is configured.',
      file: 'lib/signals/event-source.ts',
      find: 'rows: list.records.map((record) => readRecord(record, app.timeZone)),',
      replace: "rows: list.records.map((record) => readRecord(record, 'UTC')),",
      breaks: ['S4', 'I1', 'I9'],
    },
    {
      name: 'first-of-a-doubled-hour',
      what: 'An hour that clocks show twice is taken as the first, and a new event seems older than its rule.',
      file: 'lib/signals/dates.ts',
      find: 'return parsed.getPossibleOffsets().at(-1)?.toMillis();',
      replace: 'return parsed.getPossibleOffsets().at(0)?.toMillis();',
      breaks: ['S4', 'I1', 'I9'],
    },
    {
      name: 'retry-after-in-seconds-alone',
      what: 'Retry-After is read as a number of seconds, and a date in it as nothing.',
      file: 'lib/signals/retry-after.ts',
      find: 'const atMs = /^\\d+$/.test(text) ? nowMs + Number(text) * 1000 : DateTime.fromHTTP(text).toMillis();',
      replace: 'const atMs = nowMs + Number.parseFloat(text) * 1000;',
      breaks: ['S10'],
    },
    {
      name: 'refused-form-is-html',
      what: 'A page for people under status 400 is taken for a refused parameter.',
      file: 'lib/signals/http.ts',
      find: "return response.headers.get('content-type')?.includes('html')",
      replace: "return response.headers.get('content-type') === 'html'",
      breaks: ['S10', 'S4', 'I1'],
    },
  ] as const
).map((bug) => ({ ...bug, parts: 'adapters' as const }));
