export type * from './generated/events.js';
export {
  AccrualEvent,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  PointsRequest,
} from './generated/events.js';
export { decode, encode, reencode, Undecodable } from './codec.js';
export type { Decoded, Told } from './codec.js';
export type { EventsOf, MessageType } from './message-type.js';
export { topicById, topicOf, topics } from './topics.js';
export type { Topic, TopicOwner } from './topics.js';
