import { runMain } from '@g-store/runtime';
import { readJournalSettings } from './config.js';
import { startJournal } from './service.js';

runMain({ name: 'journal', start: () => startJournal(readJournalSettings()) });
