import { WebSocketServer, type WebSocket } from 'ws';
import { startPart, type Changed } from './parts.mts';

const [url = '', brokers = '', port = ''] = process.argv.slice(2);
const notifications = await startPart('notifications', url, brokers.split(','), 'SELECT');
const socketsByUser = new Map<string, Set<WebSocket>>();
await notifications.hear<Changed>('bench.naive.news', async (_client, { orderId, userId, status }) => {
  const frame = JSON.stringify({ type: 'order.status.changed', data: { orderId, status } });
  for (const socket of socketsByUser.get(userId) ?? []) socket.send(frame);
});

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port) }, () => process.send?.('ready'));
server.on('connection', (socket, request) => {
  const userId = String(request.headers['x-user-id']);
  const sockets = socketsByUser.get(userId) ?? new Set();
  socketsByUser.set(userId, sockets.add(socket));
  socket.on('message', () => socket.send(JSON.stringify({ type: 'subscribed', data: {} })));
  socket.on('close', () => sockets.delete(socket));
});
