import { createContext, useContext } from 'react';

/** What the gateway tells the page about its shop. */
export interface PageConfig {
  readonly mode: 'demo' | 'production';
  readonly currency: string;
}

const careful: PageConfig = { mode: 'production', currency: 'RUB' };

const ConfigContext = createContext(careful);
export const ConfigProvider = ConfigContext.Provider;
export const useConfig = () => useContext(ConfigContext);

/** A page that cannot be told goes on as in production. */
export async function readConfig(): Promise<PageConfig> {
  try {
    const answer = await fetch('/config.json', { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? { ...careful, ...((await answer.json()) as Partial<PageConfig>) } : careful;
  } catch {
    return careful;
  }
}
