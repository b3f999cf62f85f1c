// Loads a function's bundle as Lambda does and invokes it once: node invoke-asset.mjs <index.mjs> <event as JSON>
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [file, event] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(file).href);
const killAtMs = Date.now() + 50_000;
await handler(JSON.parse(event), {
  awsRequestId: randomUUID(),
  functionName: 'asset',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:asset',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => killAtMs - Date.now(),
});
