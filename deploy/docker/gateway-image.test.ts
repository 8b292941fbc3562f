import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderGateway } from '../local/gateway.mts';
import { root } from './compose.fake';
import { containerGateway, gatewayImage } from './gateway-image.mts';

const definitions = join(root, 'nginx');
const place = mkdtempSync(join(tmpdir(), 'gstore-gateway-'));
const [image, folder, certificate] = ['image', 'run', 'certificate'].map((name) => join(place, name)) as [
  string,
  string,
  string,
];

beforeAll(() => {
  for (const [name, content] of gatewayImage(definitions)) write(join(image, name), content);
});
afterAll(() => rmSync(place, { recursive: true }));

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const start = (env: Readonly<Record<string, string>>) => {
  const { PATH = '' } = process.env;
  const where = { GATEWAY_FILES: image, GATEWAY_FOLDER: folder, CERTIFICATE_FOLDER: certificate };
  const run = spawnSync('sh', [join(root, 'deploy/docker/gateway.sh'), 'true'], { env: { PATH, ...where, ...env } });
  return { code: run.status, said: String(run.stderr).trim() };
};
const filled = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('the gateway in a container', () => {
  it('reads what the local stack’s gateway would, with the same settings', () => {
    const env = {
      GSTORE_MODE: 'production',
      ALLOWED_ORIGINS: 'https://shop.example, http://localhost:3000',
      RATE_LIMIT_PER_SECOND: '7',
      RATE_LIMIT_BURST: '9',
      REGISTRATIONS_PER_MINUTE: '13',
      CURRENCY: 'EUR',
      RESOLVER: '127.0.0.11',
    };
    expect(start(env)).toEqual({ code: 0, said: '' });
    const limits = { on: true, requestsPerSecond: 7, burst: 9, registrationsPerMinute: 13 };
    const origins = ['https://shop.example', 'http://localhost:3000'];
    const pageConfig = { mode: 'production', currency: 'EUR' } as const;
    const expected = renderGateway(
      { ...containerGateway, origins, limits, pageConfig, resolver: '127.0.0.11' },
      definitions,
    );
    for (const [name, content] of expected) expect(filled(name)).toBe(String(content));
    expect(filled('tls.conf')).toBe('');
  });

  it('limits nobody in a demo, unless it is told to', () => {
    expect(start({ GSTORE_MODE: 'demo' }).code).toBe(0);
    expect(filled('nginx.conf')).toContain('map "off" $counted_address');
    expect(start({ GSTORE_MODE: 'demo', RATE_LIMITS: 'on' }).code).toBe(0);
    expect(filled('nginx.conf')).toContain('map "on" $counted_address');
  });

  it('asks whom the container asks for names', () => {
    const [, server] = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8')) ?? [];
    expect(start({ GSTORE_MODE: 'demo' }).code).toBe(0);
    expect(filled('nginx.conf')).toContain(`resolver ${server ?? ''} valid=5s;`);
  });

  it('speaks https once it has a certificate', () => {
    for (const name of ['tls.crt', 'tls.key']) write(join(certificate, name), '');
    expect(start({ GSTORE_MODE: 'demo', HTTPS_PORT: '8443' }).code).toBe(0);
    expect(filled('tls.conf')).toContain('listen 8443 ssl;');
    expect(filled('tls.conf')).toContain('return 308 https://$host:8443$request_uri;');
    rmSync(certificate, { recursive: true });
  });

  it.each([
    [{}, 'GSTORE_MODE=: write demo or production'],
    [{ GSTORE_MODE: 'demo', RATE_LIMITS: 'yes' }, 'RATE_LIMITS=yes: write on or off'],
    [{ GSTORE_MODE: 'demo', RATE_LIMIT_BURST: '1;x' }, 'RATE_LIMIT_BURST=1;x: write a whole number above 0'],
    [{ GSTORE_MODE: 'demo', CURRENCY: 'rub"' }, 'CURRENCY=rub": write three capital letters, as in RUB'],
    [
      { GSTORE_MODE: 'demo', ALLOWED_ORIGINS: 'http://shop.example/' },
      'ALLOWED_ORIGINS: write http://shop.example/ like http://localhost:3000, without a path',
    ],
  ] as const)('does not start with %j', (env, said) => {
    expect(start(env)).toEqual({ code: 1, said });
  });

  it('has nothing of the page, which another container serves', () => {
    expect(existsSync(join(image, 'pages', 'index.html'))).toBe(false);
  });
});
