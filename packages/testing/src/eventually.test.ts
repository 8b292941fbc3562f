import { eventually } from './eventually.js';

describe('waiting for something to come true', () => {
  it('answers with what it saw as soon as it is there', async () => {
    let looks = 0;
    const seen = await eventually(() => {
      looks += 1;
      if (looks < 3) throw new Error('not yet');
      return looks;
    });
    expect(seen).toBe(3);
  });

  it('says why it gave up', async () => {
    const waiting = eventually(() => expect('empty').toBe('full'), { within: 40 });
    await expect(waiting).rejects.toThrow('Expected: "full"');
  });

  it('takes "false" for not yet', async () => {
    await expect(eventually(() => false, { within: 40 })).rejects.toThrow('never came true');
  });
});
