export { allRoutes, createApp } from './app.js';
export type { AppOptions } from './app.js';
export type { AuditEntry } from './audit.js';
export { createAuthenticate } from './authenticate.js';
export type { Authenticate, AuthenticateOptions, Authenticator, Session } from './authenticate.js';
export type { JsonWebKeySet } from './signing-keys.js';
export { actorOf, isOperator, isStaff } from './caller.js';
export type { Authority, Caller, MachineCaller, Scope, UserCaller } from './caller.js';
export { createDenyList } from './deny-list.js';
export type { DeniableClaims, Denial, DenyList } from './deny-list.js';
export { etagOf, requireVersion, versioned } from './etag.js';
export { eventFrame, eventStream, ping } from './event-stream.js';
export type { ServerSentEvent } from './event-stream.js';
export { exactNumber } from './json.js';
export { bound, wasRefused } from './keep.js';
export { amount, amountSchema, exactDecimal } from './numbers.js';
export type { DecimalOptions } from './numbers.js';
export { openApiDocument } from './openapi.js';
export { routeTable } from './table.js';
export type { RouteRow } from './table.js';
export { invalid } from './validate.js';
export {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  decodeCursor,
  encodeCursor,
  lenientPageQuery,
  nextLink,
  pageQuery,
} from './paging.js';
export { Problem, replyOf, statusByCode, titleByCode } from './problem.js';
export type { Code, FieldError, ProblemExtra } from './problem.js';
export { accepted, created, noContent, none, ok, text } from './reply.js';
export type { Headers, Reply } from './reply.js';
export { createRouting, route } from './route.js';
export type {
  CommandContext,
  Declaration,
  DeclareRoute,
  Idempotency,
  Method,
  Request,
  Route,
  Transact,
  TransactPort,
} from './route.js';
export { startHttpServer } from './server.js';
export type { HttpServer, ServerOptions } from './server.js';
export { parseStaffKeys } from './staff-keys.js';
export type { StaffKeys } from './staff-keys.js';
