import type { VirtualTime } from '@g-store/runtime';

/** The shop's identity as far as a client meets it: rotating refresh tokens, with the successor given again for 10 s. */
export interface Identity {
  /** Undefined for what is not identity's to answer. */
  answer(request: Request): Promise<Response | 'cut' | undefined>;
  /** Whether the bearer of this request is refused. */
  refuses(request: Request): boolean;
  userOf(token: string): string | undefined;
  /** Ends every session of a user, as an operator or another device would. */
  revoke(login: string): void;
  /** Every access token runs out, sooner than its holder knows. */
  expireTokens(): void;
  /** Another tab has signed in as somebody else, and this one has not heard of it yet. */
  replaceCookie(login: string): void;
  giveRole(login: string, role: string): void;
  readonly refreshes: number;
  /** What the answer to the next refresh comes to. */
  nextRefresh(fate: Fate): void;
  tokenSeconds: number;
}

type Fate = 'lost' | 'refused for now' | 'forbidden';

interface SessionRow {
  readonly login: string;
  refresh: string;
  used: { readonly token: string; readonly atMs: number } | undefined;
  dead: boolean;
}

export function createIdentity(time: VirtualTime): Identity {
  const sessions: SessionRow[] = [];
  const roles = new Map<string, readonly string[]>();
  const granted = new Map<string, { readonly session: SessionRow; readonly untilMs: number }>();
  let cookie: string | undefined;
  let counter = 0;
  let refreshes = 0;
  let fate: Fate | undefined;

  const rolesOf = (login: string): readonly string[] => roles.get(login) ?? ['customer'];
  const grant = (session: SessionRow, inCookie: boolean): Response => {
    const claims = { sub: session.login, roles: rolesOf(session.login), n: (counter += 1) };
    const accessToken = `h.${btoa(JSON.stringify(claims))}.s`;
    granted.set(accessToken, { session, untilMs: time.monotonicMs() + identity.tokenSeconds * 1_000 });
    if (inCookie) cookie = session.refresh;
    const refreshToken = inCookie ? {} : { refreshToken: session.refresh };
    return Response.json({ accessToken, expiresIn: identity.tokenSeconds, ...refreshToken });
  };
  const refused = (): Response => Response.json({ code: 'unauthenticated', detail: 'no' }, { status: 401 });
  const nothing = (): Response => new Response(null, { status: 204 });

  const signIn = (body: { login: string; cookie?: boolean }): Response => {
    const session: SessionRow = { login: body.login, refresh: `r${(counter += 1)}`, used: undefined, dead: false };
    sessions.push(session);
    return grant(session, body.cookie === true);
  };
  const refresh = (body: { refreshToken?: string; cookie?: boolean }): Response | 'cut' => {
    refreshes += 1;
    const presented = body.cookie ? cookie : body.refreshToken;
    if (presented === undefined) return nothing();
    const next = fate;
    fate = undefined;
    if (next === 'refused for now')
      return Response.json({ code: 'unavailable' }, { status: 503, headers: { 'retry-after': '1' } });
    if (next === 'forbidden') return Response.json({ code: 'forbidden' }, { status: 403 });
    const before = cookie;
    const answer = rotate(presented, body.cookie === true);
    if (next !== 'lost') return answer;
    cookie = before; // it never reached the browser
    return 'cut';
  };
  const rotate = (presented: string, inCookie: boolean): Response => {
    const session = sessions.find((each) => each.refresh === presented || each.used?.token === presented);
    if (session === undefined || session.dead) return refused();
    if (session.used?.token === presented) {
      if (time.monotonicMs() - session.used.atMs > 10_000) {
        session.dead = true;
        return refused();
      }
      return grant(session, inCookie);
    }
    session.used = { token: presented, atMs: time.monotonicMs() };
    session.refresh = `r${(counter += 1)}`;
    return grant(session, inCookie);
  };
  const bearer = (request: Request): string | undefined => request.headers.get('authorization')?.replace('Bearer ', '');
  const userOf = (token: string): string | undefined => {
    const found = granted.get(token);
    return found === undefined || found.session.dead || found.untilMs <= time.monotonicMs()
      ? undefined
      : found.session.login;
  };
  const endSessions = (request: Request, everywhere: boolean): Response => {
    const token = bearer(request);
    if (token !== undefined && userOf(token) === undefined) return refused();
    const own = token === undefined ? sessions.find((each) => each.refresh === cookie) : granted.get(token)?.session;
    if (own === undefined) return refused();
    for (const each of sessions) if (each === own || (everywhere && each.login === own.login)) each.dead = true;
    if (request.credentials === 'include') cookie = undefined;
    return nothing();
  };

  const identity: Identity = {
    tokenSeconds: 600,
    get refreshes() {
      return refreshes;
    },
    async answer(request) {
      const { pathname } = new URL(request.url);
      const text = await request.clone().text();
      const body = text === '' ? undefined : (JSON.parse(text) as { login: string; cookie?: boolean });
      switch (`${request.method} ${pathname.replace('/api/identity', '')}`) {
        case 'POST /v1/users':
          return Response.json({}, { status: 201 });
        case 'POST /v1/sessions':
          return signIn(body ?? { login: '' });
        case 'POST /v1/sessions/refresh':
          return refresh(body ?? {});
        case 'DELETE /v1/sessions/current':
          return endSessions(request, false);
        case 'DELETE /v1/sessions':
          return endSessions(request, true);
        case 'GET /v1/users/me': {
          const login = userOf(bearer(request) ?? '');
          return login === undefined ? refused() : Response.json({ id: login, login, roles: rolesOf(login) });
        }
        default:
          return undefined;
      }
    },
    refuses(request) {
      const token = bearer(request);
      return token !== undefined && userOf(token) === undefined;
    },
    userOf,
    revoke(login) {
      for (const each of sessions) if (each.login === login) each.dead = true;
    },
    expireTokens: () => granted.clear(),
    replaceCookie: (login) => void signIn({ login, cookie: true }),
    giveRole: (login, role) => void roles.set(login, [...rolesOf(login), role]),
    nextRefresh: (next) => void (fate = next),
  };
  return identity;
}
