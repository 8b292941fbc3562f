import { runMain } from '@g-store/runtime';
import { readPaymentsSettings } from './config.js';
import { startPayments } from './service.js';

runMain({ name: 'payments', start: () => startPayments(readPaymentsSettings()) });
