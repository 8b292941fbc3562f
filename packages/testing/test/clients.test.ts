import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { client, openSocket, testTokens, UpgradeRefused } from '../src/index.js';

describe('the clients that tests use', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url, headers } = request;
      response.setHeader('content-type', 'application/json').writeHead(url === '/missing' ? 404 : 200);
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'gstore.v1' });
    server.on('upgrade', (request, socket, head) => {
      if (!request.headers['sec-websocket-protocol']?.includes('bearer.'))
        return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.send('{"type":"welcome"}');
        ws.on('message', (message) => ws.send(`{"type":"echo","of":${String(message)}}`));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => void server.close(resolve)));

  it('send JSON with the credentials given, and parse what comes back whatever the status', async () => {
    type Echo = { method: string; url: string; headers: Record<string, string>; body: string };
    const http = client(base, { token: 'always' });
    const reply = await http.post<Echo>('/v1/orders', { amount: 100 }, { idempotencyKey: 'k1', staffKey: 's' });
    expect(reply).toMatchObject({ status: 200, body: { method: 'POST', url: '/v1/orders', body: '{"amount":100}' } });
    expect(reply.body.headers).toMatchObject({
      authorization: 'Bearer always',
      'idempotency-key': 'k1',
      'x-staff-api-key': 's',
      'content-type': 'application/json',
    });
    expect((await http.get('/missing')).status).toBe(404);
    expect((await http.post<Echo>('/', '79927398713', { headers: { 'content-type': 'text/plain' } })).body.body).toBe(
      '79927398713',
    );
  });

  it('keep every frame of a socket, and say how the server refused one', async () => {
    const url = base.replace('http', 'ws');
    await using socket = await openSocket(url, { token: 'abc' });
    expect(socket.protocol).toBe('gstore.v1');
    socket.send({ n: 1 });
    expect(await socket.frame(({ type }) => type === 'echo')).toEqual({ type: 'echo', of: { n: 1 } });
    expect(socket.frames).toHaveLength(2);
    await expect(openSocket(url)).rejects.toThrow(UpgradeRefused);
    await expect(openSocket(url)).rejects.toMatchObject({ status: 401, body: 'no' });
  });

  it('sign tokens that the served keys verify', async () => {
    const tokens = testTokens();
    await using keys = await tokens.serve();
    const [header = '', body = '', signature = ''] = tokens.issue({ sub: 'anna', roles: ['staff'] }).split('.');
    const { body: jwks } = await client(keys.jwksUrl).get<{ keys: JsonWebKey[] }>('');
    const key = createPublicKey({ key: jwks.keys[0] ?? {}, format: 'jwk' });
    const signed = { key, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from(`${header}.${body}`), signed, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({
      sub: 'anna',
      roles: ['staff'],
      iss: 'g-store',
      aud: 'g-store',
    });
    expect(keys.requests()).toBe(1);
  });
});
