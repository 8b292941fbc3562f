import { Button, Card, SimpleGrid, Text, Title } from '@mantine/core';
import type { Account } from '@g-store/client';
import { IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Money } from '../design/amount.js';
import { Empty } from '../design/empty.js';
import { Problem } from '../design/problem.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { useOpenWallet } from './actions.js';
import { accountQuery } from './queries.js';
import { Statement } from './statement.js';
import { TopUp } from './top-up.js';
import classes from './wallet.module.css';

export function WalletPage() {
  const { texts } = useWords();
  const account = useQuery(accountQuery(useShop()));
  return (
    <Screen title={texts.wallet.title}>
      <QueryView query={account}>
        {(answer) => (answer === null ? <NoWallet /> : <Wallet account={answer.data} />)}
      </QueryView>
    </Screen>
  );
}

function NoWallet() {
  const { texts } = useWords();
  const open = useOpenWallet();
  return (
    <>
      {open.isError && <Problem error={open.error} onRetry={() => open.mutate()} retrying={open.isPending} />}
      <Empty title={texts.wallet.none} next={texts.wallet.noneNext} icon={IconWallet}>
        <Button onClick={() => open.mutate()} loading={open.isPending}>
          {texts.wallet.open}
        </Button>
      </Empty>
    </>
  );
}

function Wallet({ account }: { readonly account: Account }) {
  const { texts } = useWords();
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <section className={classes['balance']} aria-labelledby="balance">
          <Title order={2} id="balance" className={classes['balanceTitle']}>
            {texts.wallet.balance}
          </Title>
          <Text className={classes['sum']} aria-live="polite">
            <Money minor={account.balance} currency={account.currency} />
          </Text>
        </section>
        <Card component="section" aria-labelledby="top-up">
          <TopUp account={account} />
        </Card>
      </SimpleGrid>
      <Statement account={account} />
    </>
  );
}
