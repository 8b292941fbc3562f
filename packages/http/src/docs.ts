import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import { serve, setup } from 'swagger-ui-express';
import { exchangeOf } from './exchange.js';

/** Good from both addresses of the page, directly and behind the gateway. One value, for swagger-ui-express keeps one per process. */
const SPEC_FROM_PAGE = '../swagger/doc.json';

/** Swagger UI at `/swagger/index.html` and `/docs/`. */
export function mountDocs(app: Express, title: string): void {
  const page = setup(undefined, {
    customSiteTitle: title,
    swaggerOptions: { url: SPEC_FROM_PAGE, persistAuthorization: true },
  });
  for (const base of ['/swagger', '/docs']) {
    const handlers: RequestHandler[] = [named(base), pagePolicy];
    app.get([`${base}/`, `${base}/index.html`], ...handlers, redirectInside, page); // before the assets, or their own index shows another shop
    app.use(base, ...handlers, ...serve);
  }
}

/** The interface has styles in its markup and pictures in its styles; scripts come from here alone. */
const pagePolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
});

const named =
  (route: string): RequestHandler =>
  (_request, response, next) => {
    exchangeOf(response).route = route;
    next();
  };

/** `/docs` to `/docs/`, or the page would look for its parts one level too high. */
const redirectInside: RequestHandler = (request, response, next) => {
  if (request.path.endsWith('/') || request.path.endsWith('.html')) return next();
  response.redirect(302, `${exchangeOf(response).prefix}${request.path}/`);
};
