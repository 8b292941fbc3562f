import { runMain } from '@g-store/runtime';
import { readGophermartSettings } from './config.js';
import { startGophermart } from './gophermart.js';

runMain({
  name: 'gophermart',
  start: () => startGophermart(readGophermartSettings(process.argv.slice(2))),
  stopWithinMs: 1_900,
});
