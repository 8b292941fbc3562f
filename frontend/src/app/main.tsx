import '../design/page.css';
import { createShopClient } from '@g-store/client';
import { createRoot } from 'react-dom/client';
import { textsIn } from '../texts/texts.js';
import { readConfig } from './config.js';
import { Page } from './page.js';
import { preferredLanguage } from './preferences.js';

const element = document.getElementById('page');
if (element === null) throw new Error('index.html has no element with the id page');

const shop = createShopClient({ session: 'cookie' });
// Not waited for: the shelves are for everybody. Who needs to know asks again, and is told the same answer.
shop.session.restore().catch(() => undefined);

const language = preferredLanguage();
const [config, texts] = await Promise.all([readConfig(), textsIn(language)]);
document.documentElement.lang = language;
createRoot(element).render(<Page shop={shop} config={config} initial={{ language, texts }} />);
