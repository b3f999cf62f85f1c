import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../ports/clock.ts';
import { type Credentials, parseSecret } from '../../signals/credentials.ts';
import { UnauthorisedError, UnavailableError } from '../../signals/errors.ts';

/** A changed secret is in use after at most this long, even if the earlier token still works. */
const CACHE_MS = 5 * 60_000;
/** A token that is refused and has not changed is read again no more often than this. */
const FORGET_EVERY_MS = 30_000;

/**
 * The bearer token in a Secrets Manager secret of the form {"token": "…"}, read once in five minutes and when the
 * API refused it.
 */
export function secretToken(client: SecretsManagerClient, secretName: string, clock: Clock): Credentials {
  let cached: { readonly token: string; readonly untilMs: number } | undefined;
  let pending: Promise<string> | undefined;
  let forgotAtMs = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<string> => {
    const text = await fetchSecret(client, secretName);
    const parsed = parseSecret(text);
    if (parsed.kind === 'unusable') {
      throw new UnauthorisedError(`secret ${secretName} cannot be used: ${parsed.why}`, { request: REQUEST });
    }
    cached = { token: parsed.token, untilMs: clock.nowMs() + CACHE_MS };
    return parsed.token;
  };

  return {
    token: async () => {
      if (cached !== undefined && clock.nowMs() < cached.untilMs) return cached.token;
      // Many apps ask at once after a cold start; one question is enough.
      pending ??= read().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refused: (token) => {
      // Of many apps that are refused at once only the first is to ask for the secret anew.
      if (cached?.token !== token || clock.nowMs() - forgotAtMs < FORGET_EVERY_MS) return;
      cached = undefined;
      forgotAtMs = clock.nowMs();
    },
  };
}

/** @default three attempts, one second to connect, three to answer */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
}

const REQUEST = 'GetSecretValue';

async function fetchSecret(client: SecretsManagerClient, secretName: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
    return SecretString ?? '';
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    if (name === 'ResourceNotFoundException') {
      throw new UnauthorisedError(
        `secret ${secretName} does not exist; docs/deploy.md has the command that makes it`,
        {
          request: REQUEST,
        },
      );
    }
    if (name === 'AccessDeniedException' || name === 'DecryptionFailure') {
      throw new UnauthorisedError(`secret ${secretName} may not be read (${name})`, { request: REQUEST });
    }
    throw new UnavailableError(
      `secret ${secretName} could not be read (${name})`,
      { request: REQUEST },
      false,
    );
  }
}
