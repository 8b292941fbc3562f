import type { operations as JournalOperations } from './generated/journal.js';
import type { operations as NotificationsOperations } from './generated/notifications.js';
import type { components, operations as OrdersOperations } from './generated/orders.js';
import type { operations as PaymentsOperations } from './generated/payments.js';
import type { operations as PointsOperations } from './generated/points.js';
import type { DataOf } from './http/calls.js';

// The things that a shop is about, by the names that people give them.
export type Order = components['schemas']['Order'];
export type OrderStatus = Order['status'];
export type CancellationReason = NonNullable<Order['cancellationReason']>;
export type NewOrder = components['schemas']['PlaceOrder'];
export type OrderHistoryEntry = DataOf<OrdersOperations['getV1OrdersIdHistory']>['entries'][number];
export type CatalogueItem = DataOf<OrdersOperations['getV1Catalogue']>['items'][number];
export type Account = DataOf<PaymentsOperations['getV1AccountsMine']>;
export type Transaction = DataOf<PaymentsOperations['getV1AccountsIdTransactions']>['transactions'][number];
export type PointsAccount = DataOf<PointsOperations['getV1AccountsMine']>;
export type PointsEntry = DataOf<PointsOperations['getV1AccountsMineEntries']>['entries'][number];
export type Notification = DataOf<NotificationsOperations['getV1Notifications']>['notifications'][number];
export type HeardEvent = DataOf<JournalOperations['getV1Events']>['items'][number];
export type Journey = DataOf<JournalOperations['getV1JourneysOrderId']>;
export type JourneyStep = Journey['steps'][number];
export type Invariants = DataOf<JournalOperations['getV1Invariants']>;
export type Invariant = Invariants['items'][number];
