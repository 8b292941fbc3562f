import { topics } from '@g-store/contracts';
import { serve, startFoundation } from '@g-store/service';
import type { Adapters, Composed, Served, ServeOptions } from '@g-store/service';
import type { UploadWork } from './application/upload-work.js';
import type { PointsSettings } from './config.js';
import { startGophermart, TOKEN_LIFE_MS } from './gophermart.js';
import type { GophermartParts } from './gophermart.js';
import { accountRoutes } from './inbound/account-routes.js';
import { accrualEvents } from './inbound/accrual-events.js';
import { unknownPath } from './inbound/envelope.js';
import { eventStoreRoutes } from './inbound/event-store-routes.js';
import { uploadRefusal } from './inbound/gophermart-problems.js';
import { orderEvents } from './inbound/order-events.js';
import { pointRequests } from './inbound/point-requests.js';
import { refusal } from './inbound/problems.js';
import { queueRoutes } from './inbound/queue-routes.js';
import { requestRoutes } from './inbound/request-routes.js';
import { createPointsReader } from './outbound/points-reader.js';
import { announcements as pointsAnnouncements } from './outbound/points-work.js';
import { pointsTables } from './outbound/tables.js';
import { uploadTables } from './outbound/upload-tables.js';
import { uploadAnnouncements, uploadWorkIn } from './outbound/upload-work.js';

const announcements = { ...pointsAnnouncements, ...uploadAnnouncements };

/** Points, whole: events, inbox, worker, relay and HTTP; ends them in order when it is disposed. */
export async function startPoints(settings: PointsSettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const { foundation, face } = await composePoints(settings, adapters);
  return serve(foundation, face);
}

/** Points but for its door. `keys` takes the place of `JWKS_URL` where the keys are made in this process. */
export async function composePoints(
  settings: PointsSettings,
  adapters: Partial<Adapters>,
  { keys }: Pick<GophermartParts, 'keys'> = {},
): Promise<Composed<UploadWork>> {
  const foundation = await startFoundation({
    name: 'points',
    settings,
    tables: [...pointsTables, ...uploadTables],
    workIn: uploadWorkIn,
    subscriptions: [...orderEvents(announcements), ...accrualEvents(announcements), ...pointRequests(announcements)],
    tells: [topics.pointsEvents, topics.pointsRequests],
    tokenLifeMs: TOKEN_LIFE_MS,
    ...(keys && { keys }),
    adapters,
  });
  const dependencies = { reader: createPointsReader(foundation.pool), announcements };
  const gophermart = startGophermart(foundation, { ...dependencies, settings, keys });
  const face: ServeOptions = {
    title: 'Points',
    description: 'Loyalty points: accounts and statements, and the dialects of the older point systems.',
    routes: [
      ...accountRoutes({ ...dependencies, now: () => foundation.clock.now() }),
      ...requestRoutes(dependencies),
      ...eventStoreRoutes(dependencies),
      ...queueRoutes(dependencies),
      ...gophermart.routes,
    ],
    refusal: (error) => refusal(error) ?? uploadRefusal(error),
    ownApi: {
      title: 'Gophermart',
      description:
        'Upload order numbers, earn points, withdraw them. `POST /api/user/register` and `/api/user/login` of identity give the token.',
      tag: 'gophermart',
    },
    attach: () => gophermart,
    unknownPath,
  };
  return { foundation, face };
}
