import * as z from 'zod';
import { tailOf } from '../command.ts';
import type { Cloud } from './ministack.ts';
import { requestUnsigned } from './unsigned-request.ts';

const groupsShape = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const eventsShape = z.object({ events: z.array(z.object({ message: z.string() })) });

/** The last lines each function wrote, or why they cannot be had: this is asked when something failed already. */
export async function functionLogs(cloud: Cloud): Promise<string> {
  try {
    const { logGroups } = groupsShape.parse(await logs(cloud, 'DescribeLogGroups', {}));
    const parts = logGroups.map(async ({ logGroupName }) => {
      const { events } = eventsShape.parse(await logs(cloud, 'FilterLogEvents', { logGroupName }));
      return `${logGroupName}\n${tailOf(events.map(({ message }) => message).join('\n'))}`;
    });
    return (await Promise.all(parts)).join('\n');
  } catch (error) {
    return `the logs of the functions cannot be read: ${String(error)}`;
  }
}

async function logs(cloud: Cloud, operation: string, input: unknown): Promise<unknown> {
  const text = await requestUnsigned(cloud, 'logs', {
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` },
    body: JSON.stringify(input),
  });
  return JSON.parse(text);
}
