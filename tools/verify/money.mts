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

const blameAll = (about: Examination, violations: readonly Violation[]): void => {
  for (const { what, is, shouldBe } of violations) about.blame(what, is, shouldBe);
};

/** I1, I2, I3 and I5. */
export function checkMoney({ broken, postings, wallets, transfers, payments }: LedgerFacts): readonly Finding[] {
  const finding = (
    id: 'I1' | 'I2' | 'I3' | 'I5',
    text: string,
    lookedAt: Readonly<Record<string, number>>,
  ): Finding => {
    const about = examine(id, text, []);
    for (const [at, count] of Object.entries(lookedAt)) about.look(at, count);
    blameAll(about, broken[id]);
    return about.finding();
  };
  return [
    finding('I1', 'all postings add up to 0', { postings, wallets }),
    finding('I2', 'each balance is the sum of its postings', { wallets, transfers }),
    finding('I3', 'no wallet is below 0, nor ever was', { wallets, transfers }),
    finding('I5', 'an order is charged at most once, and keeps or gets back exactly that', { payments, transfers }),
  ];
}

/** I8, the half about money: `about` also counts inbox rows. */
export function checkTransfers(about: Examination, { broken, transfers }: LedgerFacts): void {
  about.look('transfers', transfers);
  blameAll(about, broken.I8);
}
