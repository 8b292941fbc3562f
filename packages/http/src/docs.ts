import type { Express, RequestHandler } from 'express';
import { serveFiles, setup } from 'swagger-ui-express';
import { exchangeOf } from './exchange.js';
import { pageHeaders } from './security-headers.js';

/** Some of a service's routes that are an API of their own: `/docs/` shows these alone. */
export interface OwnApi {
  readonly title: string;
  readonly description: string;
  /** Which its routes have. */
  readonly tag: string;
}

/** Swagger UI of the whole at `/swagger/index.html`; at `/docs/` the same, or an API of its own. */
export function mountDocs(app: Express, title: string, own?: OwnApi): void {
  mountPage(app, '/swagger', title, '../swagger/doc.json');
  if (own) mountPage(app, '/docs', own.title, '../docs/doc.json');
  else mountPage(app, '/docs', title, '../swagger/doc.json');
}

/** `url`, seen from the page, is good directly and behind the gateway. */
function mountPage(app: Express, base: string, title: string, url: string): void {
  const swaggerOptions = { url, persistAuthorization: true };
  const page = setup(undefined, { customSiteTitle: title, swaggerOptions });
  const named: RequestHandler = (_request, response, next) => {
    exchangeOf(response).route = base;
    next();
  };
  app.get([base, `${base}/index.html`], named, pageHeaders, redirectInside, page); // before the assets, whose own index shows another shop
  app.use(base, named, pageHeaders, ...serveFiles(undefined, { swaggerOptions }));
}

/** `/docs` to `/docs/`, or the page would look for its parts one level too high. */
const redirectInside: RequestHandler = (request, response, next) => {
  if (request.path.endsWith('/') || request.path.endsWith('.html')) return next();
  response.redirect(302, `${exchangeOf(response).prefix}${request.path}/`);
};
