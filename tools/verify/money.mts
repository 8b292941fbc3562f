import { examine, type Examination, type Finding, type Violation } from './finding.mts';

/** What the ledger's own queries answered: each row is something wrong. */
export interface LedgerFacts {
  readonly broken: Readonly<Record<'I1' | 'I2' | 'I3' | 'I5' | 'I8', readonly Violation[]>>;
  readonly postings: number;
  readonly wallets: number;
  readonly transfers: number;
  /** Orders that payments knows of. */
  readonly payments: number;
}

/** The same of points, which have a ledger of their own. */
export interface PointsLedgerFacts {
  readonly broken: Readonly<Record<'I2' | 'I3' | 'I5' | 'I8', readonly Violation[]>>;
  readonly accounts: number;
  readonly entries: number;
  /** Orders that points knows of. */
  readonly orders: number;
}

const blameAll = (about: Examination, violations: readonly Violation[] = []): void => {
  for (const { what, is, shouldBe } of violations) about.blame(what, is, shouldBe);
};

/** I1, I2, I3 and I5. */
export function checkMoney(
  { broken, postings, wallets, transfers, payments }: LedgerFacts,
  points: PointsLedgerFacts,
): readonly Finding[] {
  const ofPoints: Partial<Record<string, readonly Violation[]>> = points.broken;
  const finding = (
    id: 'I1' | 'I2' | 'I3' | 'I5',
    text: string,
    lookedAt: Readonly<Record<string, number>>,
  ): Finding => {
    const about = examine(id, text, []);
    for (const [at, count] of Object.entries(lookedAt)) about.look(at, count);
    blameAll(about, broken[id]);
    blameAll(about, ofPoints[id]);
    return about.finding();
  };
  const [accounts, entries] = [{ 'points accounts': points.accounts }, { 'points entries': points.entries }];
  return [
    finding('I1', 'all postings add up to 0', { postings, wallets }),
    finding('I2', 'each balance, of money and of points, is the sum of what happened to it', {
      wallets,
      transfers,
      ...accounts,
      ...entries,
    }),
    finding('I3', 'no wallet and no points balance is below 0, nor ever was', {
      wallets,
      transfers,
      ...accounts,
      ...entries,
    }),
    finding('I5', 'an order is charged and spends points at most once, and keeps or gets back exactly that', {
      payments,
      transfers,
      'orders of points': points.orders,
    }),
  ];
}

/** I8, the half about money and points: `about` also counts inbox rows. */
export function checkTransfers(
  about: Examination,
  { broken, transfers }: LedgerFacts,
  points: PointsLedgerFacts,
): void {
  about.look('transfers', transfers);
  about.look('points entries', points.entries);
  blameAll(about, broken.I8);
  blameAll(about, points.broken.I8);
}
