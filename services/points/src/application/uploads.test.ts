import fc from 'fast-check';
import { earnReward } from './accounts.js';
import { spendPoints } from './orders.js';
import { fakeUploadWork } from './upload-work.fake.js';
import { giveToOwner, noteProgress, settleUpload, uploadOrder } from './uploads.js';

const number = '12345678903';
const order = { orderId: 'o1', owner: 'u1', number, points: 0n };

describe('an uploaded order', () => {
  it('has its points on the account in the same unit of work in which it reads PROCESSED', async () => {
    const { work, uploads, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u1' });
    await settleUpload(work, number, { accrual: 72_998n });
    expect(uploads.get(number)).toMatchObject({ status: 'PROCESSED', accrual: 72_998n });
    expect(accounts.get('u1')?.balance).toBe(72_998n);
  });

  it('earns once, however often its reward is heard of', async () => {
    const { work, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u1' });
    for (const accrual of [500n, 500n, 900n, undefined]) await settleUpload(work, number, { accrual });
    expect(accounts.get('u1')).toMatchObject({ balance: 500n, version: 1 });
  });

  it('earns nothing when it is invalid', async () => {
    const { work, uploads, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u1' });
    await settleUpload(work, number, { accrual: undefined });
    expect([uploads.get(number)?.status, accounts.size]).toEqual(['INVALID', 0]);
  });
});

describe('a number of our own shop', () => {
  it('whose reward is on the account already shows that, whatever the accrual system says afterwards', async () => {
    const { work, uploads, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u1' });
    await earnReward(work, { number, points: 500n, accountId: 'u1', orderId: 'o1' });
    await settleUpload(work, number, { accrual: undefined });
    expect(uploads.get(number)).toMatchObject({ status: 'PROCESSED', accrual: 500n });
    expect(accounts.get('u1')?.balance).toBe(500n);
  });

  it('uploaded by somebody else before the order was heard of goes to its owner, and so does the reward', async () => {
    const { work, uploads, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u2' });
    await spendPoints(work, order);
    await giveToOwner(work, number, 'u1');
    expect(uploads.get(number)?.owner).toBe('u1');
    await settleUpload(work, number, { accrual: 500n });
    expect([...accounts.keys()]).toEqual(['u1']);
    await expect(uploadOrder(work, { number, userId: 'u2' })).rejects.toMatchObject({ code: 'uploaded_by_another' });
  });

  it('never pays somebody else, even if the accrual system knows the order before we do', async () => {
    const { work, accounts } = fakeUploadWork();
    await uploadOrder(work, { number, userId: 'u2' });
    await settleUpload(work, number, { accrual: 500n, owner: 'u1' });
    expect([...accounts.keys()]).toEqual(['u1']);
  });

  it('has one owner and one reward, in whatever order everything is heard', async () => {
    const steps = fc.array(
      fc.constantFrom('mine', 'theirs', 'created', 'rewarded', 'asked', 'progress', 'invalid' as const),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const { work, accounts, events, uploads } = fakeUploadWork();
        for (const step of story) {
          if (step === 'mine') await uploadOrder(work, { number, userId: 'u1' }).catch(() => undefined);
          else if (step === 'theirs') await uploadOrder(work, { number, userId: 'u2' }).catch(() => undefined);
          else if (step === 'progress') await noteProgress(work, number);
          else if (step === 'invalid') await settleUpload(work, number, { accrual: undefined, owner: 'u1' });
          else if (step === 'asked') await settleUpload(work, number, { accrual: 500n, owner: 'u1' });
          else if (step === 'created') {
            await spendPoints(work, order);
            await giveToOwner(work, number, 'u1');
          } else {
            await earnReward(work, { number, points: 500n, accountId: 'u1', orderId: 'o1' });
            await settleUpload(work, number, { accrual: 500n, owner: 'u1' });
          }
        }
        expect([...accounts.keys()].filter((id) => id !== 'u1')).toEqual([]);
        expect(events.length).toBeLessThanOrEqual(1);
        const { accrual = 0n } = uploads.get(number) ?? {};
        expect(accrual === 0n || accrual === accounts.get('u1')?.balance).toBe(true);
      }),
    );
  });
});
