import type { AlertConfig } from '../domain/alert-config.ts';
import { targetOf } from '../domain/identity.ts';
import type { Ledger } from '../ports/ledger.ts';

/**
 * Lets go of the leases an earlier run left behind. Whoever holds the data folder is the only process there is, so
 * their holders are dead; in the cloud nobody can know that, and a lease is waited out.
 */
export async function releaseDeadLeases(ledger: Ledger, config: AlertConfig): Promise<void> {
  for (const app of config.apps) {
    const seen = await ledger.apps.read(app.key);
    if (seen?.value.owner === undefined) continue;
    await ledger.apps.swap(app.key, seen, { ...seen.value, owner: undefined, leaseUntilMs: 0 });
  }
  for (const { name } of config.receivers) {
    for (const channel of ['email', 'sms'] as const) {
      const target = targetOf(name, channel);
      const seen = await ledger.leases.read(target);
      if (seen?.value.owner === undefined) continue;
      await ledger.leases.swap(target, seen, { ...seen.value, owner: undefined, leaseUntilMs: 0 });
    }
  }
}
