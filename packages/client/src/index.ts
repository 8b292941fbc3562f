export type { Follow, Follower, FollowState } from './follow/follow.js';
export type { ServerEvent } from './follow/server-events.js';
export type { Answer, Call, CallOptions, DataOf, ServiceClient } from './http/calls.js';
export { createIntent, type Intent } from './http/intent.js';
export { isProblem, ShopProblem, ShopUnreachable, type FieldError, type ProblemCode } from './http/problem.js';
export type {
  AccountChange,
  BalanceChanged,
  Change,
  OrderCancelled,
  OrderStatusChanged,
  PointsChanged,
} from './live/changes.js';
export type { Live, LiveState, Refusal, Target, Watcher } from './live/live.js';
export type * from './models.js';
export type { Cancel, Network, Ports, Socket, SocketEvents, Tabs, Time } from './ports.js';
export type { Credentials, Session, SessionState, User } from './session/session.js';
export {
  createMachineClient,
  createShopClient,
  serviceNames,
  type MachineOptions,
  type ServiceName,
  type Services,
  type ShopClient,
  type ShopOptions,
} from './shop-client.js';
export { systemPorts } from './system.js';
