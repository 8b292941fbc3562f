import { runMain } from '@g-store/runtime';
import { readAccrualSettings } from './config.js';
import { startAccrual } from './service.js';

runMain({ name: 'accrual', start: () => startAccrual(readAccrualSettings()) });
