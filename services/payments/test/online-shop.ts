import type { HttpClient } from '@g-store/testing';
import type { RunningPayments } from './running-payments.js';

export interface OldAccount {
  readonly user_id: string;
  readonly full_name: string;
  readonly balance: number;
}

export interface Refusal {
  readonly code: string;
  readonly error: string;
}

export const headers = { 'content-type': 'application/json' };

/** Bodies are sent as their text, to the last digit. */
export const create = (http: HttpClient, userId: string, body: string, options = {}) =>
  http.post<Refusal>(`/payment/account/create/${userId}`, body, { headers, ...options });
export const update = (http: HttpClient, userId: string, body: string, options = {}) =>
  http.patch<Refusal>(`/payment/account/update/${userId}`, body, { headers, ...options });
export const get = (http: HttpClient, userId: string) => http.get<OldAccount>(`/payment/account/get/${userId}`);

export const openingBody = (balance: string) => `{"full_name":"Anna","balance":${balance}}`;

/** Somebody whose account was opened the older shop's way. */
export async function openedBy(payments: RunningPayments, balance: string) {
  const person = payments.person();
  expect((await create(person.http, person.userId, openingBody(balance))).status).toBe(200);
  return person;
}
