import type { Client } from 'pg';

/** One connection that is made when it is first needed and made again after it was lost. */
export interface Session extends AsyncDisposable {
  client(): Promise<Client>;
  /** Throws the connection away; the next `client()` makes a new one. */
  drop(): Promise<void>;
}

export function createSession(connect: () => Promise<Client>): Session {
  let current: Promise<Client> | undefined;

  const drop = async (): Promise<void> => {
    const dropped = current;
    current = undefined;
    const client = await dropped?.catch(() => undefined);
    await client?.end().catch(() => undefined);
  };

  return {
    client() {
      if (current === undefined) {
        const made = (current = connect());
        const forget = (): void => void (current === made && (current = undefined));
        made.then((client) => client.on('error', forget).on('end', forget), forget);
      }
      return current;
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}
