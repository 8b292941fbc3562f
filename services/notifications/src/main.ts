import { runMain } from '@g-store/runtime';
import { readNotificationsSettings } from './config.js';
import { startNotifications } from './service.js';

runMain({ name: 'notifications', start: () => startNotifications(readNotificationsSettings()) });
