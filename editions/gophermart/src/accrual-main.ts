import { runMain } from '@g-store/runtime';
import { startAccrual } from './accrual.js';
import { readAccrualSettings } from './config.js';

runMain({
  name: 'accrual',
  start: () => startAccrual(readAccrualSettings(process.argv.slice(2))),
  stopWithinMs: 1_900,
});
