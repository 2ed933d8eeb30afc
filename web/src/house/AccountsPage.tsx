// Who may sign in, and as what; for owners and administrators.
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { accountsQuery } from '../api/queries';
import type { Account } from '../api/types';
import { useSession } from '../frame/session';
import { navigate, useSearch } from '../router/location';
import { Button } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading } from '../ui/states';
import { Tag } from '../ui/Tags';
import { useWords } from '../words/context';

const AccountDialog = lazy(() => import('./AccountDialog'));

export default function AccountsPage() {
  const words = useWords();
  const { account: me } = useSession();
  const accounts = useQuery(accountsQuery);
  const [chosen, setOpen] = useState<Account | 'new' | null>(null);
  const asked = new URLSearchParams(useSearch()).get('account'); // a link may name one to open
  const open = chosen ?? accounts.data?.find(({ id }) => id === asked) ?? null;
  const close = () => {
    setOpen(null);
    navigate('/accounts', { replace: true });
  };
  return (
    <div className="page">
      <PageTitle
        title={words.accounts.title}
        aside={
          accounts.data && (
            <Button look="first" onPress={() => setOpen('new')}>
              {words.accounts.add}
            </Button>
          )
        }
      >
        {words.accounts.title}
      </PageTitle>
      {accounts.isPending ? (
        <Loading />
      ) : accounts.isError ? (
        <Failed
          error={accounts.error}
          onRetry={() => {
            void accounts.refetch();
          }}
        />
      ) : (
        <ul className="rows">
          {accounts.data.map((account) => (
            <li key={account.id} className={`row ${account.is_disabled ? 'is-off' : ''}`}>
              <div className="row-words">
                <p className="row-name">
                  {account.name} {account.id === me.id && <Tag look="soft">{words.accounts.you}</Tag>}{' '}
                  {account.is_disabled && <Tag>{words.accounts.isDisabled}</Tag>}
                </p>
                <p className="hint">
                  {[
                    account.roles.map((role) => words.accounts.role[role]).join(', '),
                    account.team && `${words.accounts.team} ${account.team}`,
                    account.numbers.join(', '),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              <Button aria-label={`${words.common.edit}: ${account.name}`} onPress={() => setOpen(account)}>
                {words.common.edit}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <Suspense>
          <AccountDialog {...(open === 'new' ? {} : { account: open })} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
