import { ok, type Route } from '@g-store/http';
import { z } from 'zod';
import { route, type Dependencies } from './dependencies.js';

const Keys = z.strictObject({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });

export const keyRoutes = ({ jwks }: Pick<Dependencies, 'jwks'>): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      summary: 'The public keys of access tokens',
      description: 'The key that signs now, the next one, and those whose last tokens may still be about.',
      tags: ['Keys'],
      caller: 'public',
      answers: { 200: Keys },
    },
    async () => ok(jwks(), { 'cache-control': 'public, max-age=60' }),
  ),
];
