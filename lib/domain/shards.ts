import type { App } from './alert-config.ts';

/** Apps of one poll tick: one schedule, one batched read of states (100 items at most). */
export type Shard = { readonly index: number; readonly apps: readonly App[] };

export const SHARD_APPS_MAX = 100;

/**
 * Cuts the apps client by client, in the order of the file, so that a client's rate limit concerns as few
 * shards as can be. A client with more apps than `appsMax` fills shards of its own.
 */
export function cutShards(apps: readonly App[], appsMax: number = SHARD_APPS_MAX): readonly Shard[] {
  const byClient = Map.groupBy(apps, (app) => app.client);
  const shards: App[][] = [];
  let last: App[] = [];
  for (const ofClient of byClient.values()) {
    if (last.length + ofClient.length > appsMax) last = [];
    for (const app of ofClient) {
      if (last.length === appsMax) last = [];
      if (last.length === 0) shards.push(last);
      last.push(app);
    }
  }
  return shards.map((shardApps, index) => ({ index, apps: shardApps }));
}
