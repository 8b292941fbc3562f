import type { Language } from '../texts/formats.js';

/** The people whom `npm run seed` makes in a demonstration; everybody knows their passwords. */
export const demoPeople: readonly {
  readonly login: string;
  readonly name: string;
  readonly role: 'customer' | 'staff' | 'operator';
  readonly language: Language;
}[] = [
  { login: 'alice', name: 'Alice Green', role: 'customer', language: 'en' },
  { login: 'ivan', name: 'Иван Петров', role: 'customer', language: 'ru' },
  { login: 'sari', name: 'Sari Wulandari', role: 'customer', language: 'id' },
  { login: 'staff', name: 'Sam Staff', role: 'staff', language: 'en' },
  { login: 'operator', name: 'Olga Operator', role: 'operator', language: 'en' },
];

export const demoPasswordOf = (login: string): string => `${login}-password`;
