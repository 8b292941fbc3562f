import { runMain } from '@g-store/runtime';
import { readOrdersSettings } from './config.js';
import { startOrders } from './service.js';

runMain({ name: 'orders', start: () => startOrders(readOrdersSettings()) });
