import type { Transaction } from '@g-store/client';

/** RFC 4180, with signed amounts and exact decimals, in the order in which they happened. */
export function csvOf(entries: readonly Transaction[], currency: string): string {
  const rows = [...entries]
    .reverse()
    .map(({ at, type, direction, amount, balanceAfter, orderId = '' }) => [
      at,
      type,
      decimal(direction === 'IN' ? BigInt(amount) : -BigInt(amount)),
      decimal(BigInt(balanceAfter)),
      currency,
      orderId,
    ]);
  return [['at', 'type', 'amount', 'balance', 'currency', 'order'], ...rows]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

const decimal = (minor: bigint): string => {
  const size = minor < 0n ? -minor : minor;
  return `${minor < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
};

export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
