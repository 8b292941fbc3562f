import { MantineProvider } from '@mantine/core';
import type { ShopClient } from '@g-store/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useMemo, useRef, type ComponentProps } from 'react';
import { Announcing } from '../design/announce.js';
import { theme, variables } from '../design/theme.js';
import { isOfOnePerson, LiveUpdates } from '../live/live.js';
import { Toasts } from '../live/toasts.js';
import { ShopProvider, useSession } from '../session/shop.js';
import { ConfigProvider, type PageConfig } from './config.js';
import { Preferences } from './preferences.js';
import { createQueryClient } from './query-client.js';
import { createPageRouter } from './routes.js';

interface Props extends Pick<ComponentProps<typeof Preferences>, 'initial'> {
  readonly shop: ShopClient;
  readonly config: PageConfig;
}

/** The whole page, round the one client that it talks to its shop with. */
export function Page({ shop, config, initial }: Props) {
  const { client, router } = useMemo(() => ({ client: createQueryClient(), router: createPageRouter(shop) }), [shop]);
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <ConfigProvider value={config}>
          <Preferences initial={initial}>
            <ShopProvider shop={shop}>
              <QueryClientProvider client={client}>
                <Announcing>
                  <LiveUpdates>
                    <PeopleComeAndGo router={router} client={client} />
                    <RouterProvider router={router} />
                    <Toasts />
                  </LiveUpdates>
                </Announcing>
              </QueryClientProvider>
            </ShopProvider>
          </Preferences>
        </ConfigProvider>
      </MantineProvider>
    </StrictMode>
  );
}

interface ComingAndGoing {
  readonly router: ReturnType<typeof createPageRouter>;
  readonly client: ReturnType<typeof createQueryClient>;
}

/** What one person has read is not the next one's to see; and who is signed out meanwhile is asked to sign in. */
function PeopleComeAndGo({ router, client }: ComingAndGoing) {
  const session = useSession();
  const userId = session.status === 'signed-in' ? session.user.id : undefined;
  const before = useRef(userId);
  useEffect(() => {
    if (session.status === 'unknown' || before.current === userId) return;
    if (before.current !== undefined) {
      if (userId === undefined) client.removeQueries({ predicate: isOfOnePerson });
      else void client.resetQueries({ predicate: isOfOnePerson });
    }
    before.current = userId;
    void router.invalidate();
  }, [session.status, userId, router, client]);
  return null;
}
