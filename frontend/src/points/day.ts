/** The last instant of a day as a calendar field writes it (`2026-11-06`), where the reader is; today ends now. */
export function endOfDay(day: string, now: Date): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const end = new Date(year, month - 1, date, 23, 59, 59, 999);
  return (end < now ? end : now).toISOString();
}

/** The day of an instant where the reader is, as a calendar field writes it. */
export function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
