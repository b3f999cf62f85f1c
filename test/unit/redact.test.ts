import { describe, expect, it } from 'vitest';
import { redact } from '../../lib/adapters/telemetry/redact.ts';

describe('what reaches a log line', () => {
  it.for([
    { name: 'a phone number', text: 'lead +1 (202) 555-0123 wrote', logged: 'lead *** wrote' },
    { name: 'a number without signs', text: 'lead 12025550123', logged: 'lead ***' },
    { name: 'a bearer token', text: 'sent Bearer abc.def-123', logged: 'sent Bearer ***' },
    {
      name: 'a number in digits of another script',
      text: 'lead ١٢٠٢٥٥٥٠١٢٣ wrote',
      logged: 'lead *** wrote',
    },
    { name: 'a number in wide digits', text: 'lead ＋１２０２５５５０１２３', logged: 'lead ＋***' },
  ])('never is $name', ({ text, logged }) => {
    expect(redact({ detail: text })).toEqual({ detail: logged });
  });

  it('keeps what an operator needs: app keys, counts, reasons, status codes', () => {
    const details = { app: 'c-123/72822', count: 3, because: 'unauthorised', detail: 'status 401' };
    expect(redact(details)).toEqual(details);
  });

  it('is masked inside of objects and lists, wherever it stands', () => {
    const details = {
      answer: { lines: ['lead 12025550123', { token: 'Bearer abc' }], count: 2 },
      none: null,
    };
    expect(redact(details)).toEqual({
      answer: { lines: ['lead ***', { token: 'Bearer ***' }], count: 2 },
      none: null,
    });
  });

  it('is masked in the message of an error', () => {
    const logged = JSON.stringify(redact({ error: new Error('lead 12025550123', { cause: 'Bearer abc' }) }));
    expect(logged).toContain('lead ***');
    expect(logged).not.toMatch(/12025550123|abc/);
  });

  it('is masked in what holds itself, which ends somewhere', () => {
    const loop: Record<string, unknown> = { text: 'lead 12025550123' };
    loop['self'] = loop;
    expect(JSON.stringify(redact({ loop }))).not.toContain('12025550123');
  });

  it.for([
    { app: 'c-12025550/72822001' },
    { key: 'app#c-1/7|alert#0123456789012345678901234567890a#order' },
    { deep: { app: 'c-12025550/72822001' } },
  ])('keeps the ids of ours whole: %j', (details) => {
    expect(redact(details)).toEqual(details);
  });

  it('keeps no more than text under the names of our ids', () => {
    expect(redact({ key: { phone: '12025550123' }, app: ['12025550123'] })).toEqual({
      key: { phone: '***' },
      app: ['***'],
    });
  });
});
