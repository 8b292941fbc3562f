/**
 * Prints what the shop tells a customer, as it happens:  npm run watch -- <access token> [order id]
 * GATEWAY=http://127.0.0.1:8000 is where it looks. Ends with Ctrl-C.
 */
const [token, orderId] = process.argv.slice(2);
if (token === undefined || token.startsWith('-')) {
  process.stderr.write('usage: npm run watch -- <access token> [order id]\n');
  process.exit(token === undefined ? 2 : 0);
}
const gateway = process.env['GATEWAY'] ?? 'http://127.0.0.1:8000';
const socket = new WebSocket(`${gateway.replace(/^http/, 'ws')}/ws/orders/`, ['gstore.v1', `bearer.${token}`]);

socket.addEventListener('open', () => {
  socket.send(
    JSON.stringify(orderId === undefined ? { type: 'subscribe', scope: 'mine' } : { type: 'subscribe', orderId }),
  );
});
socket.addEventListener('message', ({ data }) => process.stdout.write(`${String(data)}\n`));
socket.addEventListener('error', () => {
  process.stderr.write(`no socket at ${gateway}: is the shop up, and the token still good (10 minutes)?\n`);
  process.exitCode = 1;
});
socket.addEventListener('close', ({ code, reason }) => process.stderr.write(`closed: ${code} ${reason}\n`));
