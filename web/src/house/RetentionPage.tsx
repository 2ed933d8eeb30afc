// How long calls stay, by purpose and line: for everybody to read, for owners to change. What a new term lets go of
// is announced first; the page says so before it is saved.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { api, ask } from '../api/client';
import { retentionQuery } from '../api/queries';
import { purposes, type Retention } from '../api/types';
import { mayHouse, useSession } from '../frame/session';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { daysFor } from './retention';
import { RetentionForm } from './RetentionForm';

export default function RetentionPage() {
  const { retention: words } = useLater();
  const retention = useQuery(retentionQuery);
  return (
    <div className="page page-retention">
      <PageTitle title={words.title}>{words.title}</PageTitle>
      <p className="lead">{words.intro}</p>
      {retention.isPending ? (
        <Loading />
      ) : retention.isError ? (
        <Failed
          error={retention.error}
          onRetry={() => {
            void retention.refetch();
          }}
        />
      ) : (
        <Shown retention={retention.data} />
      )}
    </div>
  );
}

function Shown({ retention }: { retention: Retention }) {
  const words = useWords();
  const { retention: said } = useLater();
  const mayChange = mayHouse(useSession(), 'retention');
  const lines = retention.rules.filter((rule) => rule.line);
  const told = (days: number | null) => (days === null ? said.forEver : said.after(days));
  return (
    <>
      <dl className="fact-list terms">
        {purposes.map((purpose) => (
          <div key={purpose}>
            <dt>{words.purposes[purpose]}</dt>
            <dd>
              {[
                told(daysFor(retention.rules, purpose)),
                ...lines
                  .filter((rule) => rule.purpose === purpose)
                  .map((rule) => `${said.onLine(rule.line!)}: ${told(rule.days)}`),
              ].join('; ')}
            </dd>
          </div>
        ))}
      </dl>
      <p>{said.announce(retention.notice_days, retention.safekeeping_days)}</p>
      <Going />
      {mayChange ? <RetentionForm retention={retention} /> : <p className="hint">{said.notYours}</p>}
    </>
  );
}

// How many calls are announced now, and where to see which.
function Going() {
  const words = useWords();
  const { retention: said } = useLater();
  const going = useQuery({
    queryKey: ['going'],
    queryFn: ({ signal }) =>
      ask(api.GET('/calls', { params: { query: { only: 'going', count: true, limit: 1 } }, signal })),
  });
  const total = going.data?.total;
  if (total === undefined) return null;
  if (total === 0) return <p className="hint">{said.goingNone}</p>;
  return (
    <p>
      <Link href="/?only=going">{said.goingNow(total.toLocaleString(words.locale), total === 1)}</Link>
    </p>
  );
}
