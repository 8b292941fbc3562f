import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokersOf } from './kafka.mts';
import { gatewayPorts } from './nginx.mts';
import { databaseOf } from './postgres.mts';
import { secretFile } from './secrets.mts';
import { instancesOf, services } from './services.mts';
import { staffApiKey } from './service-environment.mts';
import type { Stack } from './settings.mts';

/** A stack as its tools find it: seed, verify, bench and the journeys read this and need to be told nothing else. */
export interface Description {
  readonly stack: string;
  readonly portOffset: number;
  readonly gateway: string;
  readonly kafkaBrokers: readonly string[];
  readonly staffApiKeyFile: string;
  /** Of the login `first-operator`. */
  readonly firstOperatorPasswordFile: string;
  readonly services: Readonly<
    Record<
      string,
      { readonly instances: readonly string[]; readonly databaseUrl: string; readonly databaseOwnerUrl: string }
    >
  >;
}

export const descriptionFile = (stack: Stack): string => join(stack.home, 'stack.json');

export const describeStack = (stack: Stack): Description => ({
  stack: stack.name,
  portOffset: stack.portOffset,
  gateway: `http://127.0.0.1:${gatewayPorts(stack)[0]}`,
  kafkaBrokers: brokersOf(stack).split(','),
  staffApiKeyFile: secretFile(stack, 'staff-api-key'),
  firstOperatorPasswordFile: secretFile(stack, 'first-operator-password'),
  services: Object.fromEntries(
    services.map((service) => {
      const { url, ownerUrl } = databaseOf(stack, service.name);
      const instances = instancesOf(service, stack).map(({ port }) => `http://127.0.0.1:${port}`);
      return [service.name, { instances, databaseUrl: url, databaseOwnerUrl: ownerUrl }];
    }),
  ),
});

/** Holds passwords, so only its owner may read it. */
export function writeDescription(stack: Stack): void {
  staffApiKey(stack);
  const half = `${descriptionFile(stack)}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(describeStack(stack), null, 2)}\n`, { mode: 0o600 });
  renameSync(half, descriptionFile(stack));
}
