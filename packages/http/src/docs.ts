import type { Express, RequestHandler } from 'express';
import { serve, setup } from 'swagger-ui-express';
import { exchangeOf } from './exchange.js';
import { pageHeaders } from './security-headers.js';

/** Good from both addresses of the page, directly and behind the gateway. One value, for swagger-ui-express keeps one per process. */
const SPEC_FROM_PAGE = '../swagger/doc.json';

/** Swagger UI at `/swagger/index.html` and `/docs/`. */
export function mountDocs(app: Express, title: string): void {
  const page = setup(undefined, {
    customSiteTitle: title,
    swaggerOptions: { url: SPEC_FROM_PAGE, persistAuthorization: true },
  });
  for (const base of ['/swagger', '/docs']) {
    const named: RequestHandler = (_request, response, next) => {
      exchangeOf(response).route = base;
      next();
    };
    app.get([base, `${base}/index.html`], named, pageHeaders, redirectInside, page); // before the assets, whose own index shows another shop
    app.use(base, named, pageHeaders, ...serve);
  }
}

/** `/docs` to `/docs/`, or the page would look for its parts one level too high. */
const redirectInside: RequestHandler = (request, response, next) => {
  if (request.path.endsWith('/') || request.path.endsWith('.html')) return next();
  response.redirect(302, `${exchangeOf(response).prefix}${request.path}/`);
};
