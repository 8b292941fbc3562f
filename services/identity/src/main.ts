import { runMain } from '@g-store/runtime';
import { readIdentitySettings } from './config.js';
import { startIdentity } from './service.js';

runMain({ name: 'identity', start: () => startIdentity(readIdentitySettings()) });
