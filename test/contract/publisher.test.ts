import { publisherClient } from '../../lib/adapters/sns/client.ts';
import { snsPublisher } from '../../lib/adapters/sns/publisher.ts';
import { topicName } from '../../lib/adapters/sns/topic-name.ts';
import { startSnsEndpoint } from '../../lib/local/sns/server.ts';
import { ensureTopics } from '../../lib/local/topics.ts';
import { alertConfig } from '../fixtures/alert-config.ts';
import type { FaultKind } from '../simulation/faults.ts';
import type { Parts } from '../simulation/history.ts';
import { NOW_MS } from './ledger-values.ts';
import { modelledWorld } from './modelled-world.ts';
import { describePublisher, type FreshPublisher, type PublishTrouble } from './publisher-contract.ts';

describePublisher('the local SNS, through the adapter', async () => {
  const endpoint = await startSnsEndpoint({ port: 0, region: 'eu-west-1', now: () => NOW_MS });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = publisherClient({ region: 'eu-west-1', endpoint: endpoint.url, credentials });
  const config = alertConfig();
  await ensureTopics(client, config);
  const { faults } = endpoint;
  const order: Readonly<Record<PublishTrouble, () => void>> = {
    throttled: () => faults.refuseNext({ code: 'Throttled', status: 429 }),
    invalid: () => faults.refuseNext({ code: 'InvalidParameter', status: 400 }),
    'answer-lost': () => faults.unknownNext({ delivers: true }),
    'request-lost': () => faults.unknownNext({ delivers: false }),
  };
  const topicArnOf = (target: Parameters<typeof topicName>[1]): string =>
    `arn:aws:sns:eu-west-1:000000000000:${topicName(config.stack.name, target)}`;
  return {
    publisher: snsPublisher(client, topicArnOf),
    meets: (trouble) => order[trouble](),
    taken: () => endpoint.inbox.entries().map(({ body }) => body),
    close: async () => {
      client.destroy();
      await endpoint.close();
    },
  };
});

describePublisher('a modelled SNS below the adapter', () => modelledPublisher('adapters'));

describePublisher('the simulator, as a port', () => modelledPublisher('ports'));

const KINDS: Readonly<Record<PublishTrouble, FaultKind>> = {
  throttled: 'sns-refused',
  invalid: 'sns-invalid',
  'answer-lost': 'sns-unknown-applied',
  'request-lost': 'sns-unknown-lost',
};

async function modelledPublisher(parts: Parts): Promise<FreshPublisher> {
  const world = await modelledWorld({ parts, startMs: NOW_MS, eventAgesMs: [] });
  const { published, publisherOf } = world.parts.publisher;
  const publisher = world.driven(publisherOf(world.life));
  return {
    publisher: {
      publish: async (target, message) => {
        const outcome = await publisher.publish(target, message);
        // Of the next publish, not of those after it.
        world.meets(undefined);
        return outcome;
      },
    },
    meets: (trouble) => world.meets(KINDS[trouble]),
    taken: () => published.filter((one) => one.messageId !== undefined).map((one) => one.message.body),
    close: world.close,
  };
}
