import type { Role } from '../domain/user.js';
import { ensureUser } from './registration.js';

const demoPeople: readonly { readonly login: string; readonly name: string; readonly roles: readonly Role[] }[] = [
  { login: 'alice', name: 'Alice Green', roles: ['customer'] },
  { login: 'ivan', name: 'Иван Петров', roles: ['customer'] },
  { login: 'sari', name: 'Sari Wulandari', roles: ['customer'] },
  { login: 'staff', name: 'Sam Staff', roles: ['customer', 'staff'] },
  { login: 'operator', name: 'Olga Operator', roles: ['customer', 'operator'] },
];

export const demoPasswordOf = (login: string): string => `${login}-password`;

/** The people of a demonstration, each with a password that everybody knows. @returns the logins that are new */
export async function seedDemoPeople(deps: Parameters<typeof ensureUser>[0]): Promise<readonly string[]> {
  const seeded: string[] = [];
  for (const { login, name, roles } of demoPeople) {
    const isNew = await ensureUser(deps, { login, name, roles, password: demoPasswordOf(login), demo: true });
    if (isNew) seeded.push(login);
  }
  return seeded;
}
