import { runMain } from '@g-store/runtime';
import { readPointsSettings } from './config.js';
import { startPoints } from './service.js';

runMain({ name: 'points', start: () => startPoints(readPointsSettings()) });
