import type { Page, WebSocketRoute } from 'playwright-core';

/** The shop's end of the page's sockets, moved by a test. */
export interface Feed {
  /** To whoever has subscribed to this person's own. */
  tell(...frames: readonly object[]): void;
  /** Ends every socket as a proxy does, without a word. */
  cut(): Promise<void>;
  readonly sockets: number;
}

interface Asked {
  readonly type: string;
  readonly scope?: string;
  readonly orderId?: string;
}

/** Answers as the shop does, and says only what it is told to. */
export async function feedOf(page: Page): Promise<Feed> {
  const open = new Set<WebSocketRoute>();
  let sockets = 0;
  let position = 0;
  const say = (socket: WebSocketRoute, type: string, data: object): void =>
    socket.send(JSON.stringify({ type, data, position: `p${(position += 1)}` }));
  await page.routeWebSocket(/\/ws\/orders\//, (socket) => {
    open.add(socket);
    sockets += 1;
    socket.onClose(() => void open.delete(socket));
    socket.onMessage((text) => {
      const { type, scope, orderId } = JSON.parse(String(text)) as Asked;
      if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
      if (type === 'subscribe') say(socket, 'subscribed', { scope, orderId, recovered: false });
      if (type === 'authenticate') socket.send(JSON.stringify({ type: 'authenticated' }));
    });
  });
  return {
    tell(...frames) {
      for (const socket of open)
        for (const frame of frames) socket.send(JSON.stringify({ ...frame, position: `p${(position += 1)}` }));
    },
    cut: async () => void (await Promise.all([...open].map((socket) => socket.close({ code: 1006 })))),
    get sockets() {
      return sockets;
    },
  };
}
