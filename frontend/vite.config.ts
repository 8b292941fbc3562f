import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstView } from './build/first-view.js';

const packages = resolve(import.meta.dirname, '../packages');
const offset = Number(process.env['PORT_OFFSET'] ?? 0);
const gateway = `http://localhost:${8_000 + offset}`;

/** To the gateway of the local stack, in the name of its own origin: sign-in by cookie and sockets allow no other. */
const toGateway = { target: gateway, changeOrigin: true, headers: { origin: gateway } };

export default defineConfig({
  plugins: [
    react(),
    firstView({
      modules: ['/session/sign-in-page.tsx', '/orders/shop-page.tsx'],
      maxGzipBytes: 250_000,
    }),
  ],
  resolve: {
    // Our own packages are used unbuilt, as everywhere in development and in tests.
    alias: {
      '@g-store/client': resolve(packages, 'client/src/index.ts'),
      '@g-store/values': resolve(packages, 'values/src/index.ts'),
    },
  },
  build: {
    target: 'es2022',
    // An inlined font or picture would need `data:` in the content policy.
    assetsInlineLimit: 0,
  },
  server: {
    host: 'localhost',
    port: 5_173 + offset,
    strictPort: true,
    proxy: {
      '/api': toGateway,
      '/docs': toGateway,
      '/problems': toGateway,
      '/gateway.css': toGateway,
      '/config.json': toGateway,
      '/ws': { ...toGateway, ws: true },
    },
  },
});
