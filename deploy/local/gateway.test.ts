import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusByCode, titleByCode } from '@g-store/http';
import { renderGateway, type Gateway } from './gateway.mts';
import { services } from './services.mts';

const definitions = join(__dirname, '..', '..', 'nginx');

const folder = mkdtempSync(join(tmpdir(), 'gstore-page-'));

const gateway: Gateway = {
  listen: ['127.0.0.1:8000', '127.0.0.1:3000'],
  services,
  upstreams: { orders: ['127.0.0.1:8080'], notifications: ['127.0.0.1:8084', '127.0.0.1:8184'] },
  origins: ['http://localhost:3000'],
  limits: { on: true, requestsPerSecond: 20, burst: 60, registrationsPerMinute: 10 },
  page: { folder },
  pageConfig: { mode: 'demo', currency: 'RUB' },
  folder: '/run/gateway',
  accessLog: '/run/gateway/access.log',
  workers: 1,
};

const configOf = (changes: Partial<Gateway> = {}): string =>
  String(renderGateway({ ...gateway, ...changes }, definitions).get('nginx.conf'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the configuration of the gateway', () => {
  it('has nothing left to fill in', () => {
    for (const text of renderGateway(gateway, definitions).values()) expect(String(text)).not.toContain('{{');
  });

  it('asks a lonely instance every time, and leaves a dead one of several out for a while', () => {
    expect(configOf()).toContain('server 127.0.0.1:8080 max_fails=0;');
    expect(configOf()).toContain('server 127.0.0.1:8184 max_fails=1 fail_timeout=2s;');
  });

  it('looks addresses up again where there is somebody to ask', () => {
    const config = configOf({ upstreams: { ...gateway.upstreams, orders: ['orders:8080'] }, resolver: '127.0.0.11' });
    expect(config).toContain('resolver 127.0.0.11 valid=5s;');
    expect(config).toContain('server orders:8080 max_fails=1 fail_timeout=2s resolve;');
    expect(configOf()).not.toContain('resolve');
  });

  it.each(['http://localhost:3000/', '*', 'localhost', 'http://a"; return 200;'])('refuses the origin %s', (origin) => {
    expect(() => configOf({ origins: [origin] })).toThrow('ALLOWED_ORIGINS');
  });
});

describe('the catalogue of problems', () => {
  const { codes, gateway: own } = JSON.parse(readFileSync(join(definitions, 'problems.json'), 'utf8')) as {
    codes: Record<string, { status: number; title: string }>;
    gateway: Record<string, { code: string }>;
  };

  it('explains every code that a service can answer, with its status and its title, and no other', () => {
    const expected = Object.entries(statusByCode).map(([code, status]) => [
      code,
      { status, title: titleByCode[code as keyof typeof titleByCode] },
    ]);
    expect(
      Object.fromEntries(Object.entries(codes).map(([code, { status, title }]) => [code, { status, title }])),
    ).toEqual(Object.fromEntries(expected));
    expect([...renderGateway(gateway, definitions).keys()]).toEqual(
      expect.arrayContaining(Object.keys(codes).map((code) => `pages/problems/${code}.html`)),
    );
  });

  it('explains every code that the gateway itself answers', () => {
    for (const { code } of Object.values(own)) expect(Object.keys(codes)).toContain(code);
  });
});
