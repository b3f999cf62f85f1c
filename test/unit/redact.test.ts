import { describe, expect, it } from 'vitest';
import { redact } from '../../lib/adapters/telemetry/redact.ts';

describe('what reaches a log line', () => {
  it.for([
    { name: 'a phone number', text: 'lead +1 (202) 555-0123 wrote', logged: 'lead *** wrote' },
    { name: 'a number without signs', text: 'lead 12025550123', logged: 'lead ***' },
    { name: 'a bearer token', text: 'sent Bearer abc.def-123', logged: 'sent Bearer ***' },
  ])('never is $name', ({ text, logged }) => {
    expect(redact({ detail: text })).toEqual({ detail: logged });
  });

  it('keeps what an operator needs: app keys, counts, reasons, status codes', () => {
    const details = { app: 'c-123/72822', count: 3, because: 'unauthorised', detail: 'status 401' };
    expect(redact(details)).toEqual(details);
  });
});
