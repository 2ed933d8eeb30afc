// What there is to look after, as far as somebody may: each a card that says what it is for.
import { Link } from 'react-aria-components';
import { mayBring, mayHouse, useSession } from '../frame/session';
import { PageTitle } from '../ui/PageTitle';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

export default function HousePage() {
  const words = useWords();
  const said = useLater();
  const session = useSession();
  const isCalm = session.account.face === 'calm';
  const places = [
    mayBring(session) && { path: '/binnenhalen', name: said.imports.title, hint: said.house.imports },
    mayBring(session) && { path: '/uitzoeken', name: said.imports.unsureTitle, hint: said.house.unsure },
    mayHouse(session, 'accounts') && { path: '/accounts', name: words.accounts.title, hint: said.house.accounts },
    { path: '/bewaartermijnen', name: said.retention.title, hint: said.house.retention },
    !isCalm && { path: '/in-bewaring', name: said.keeping.safeTitle, hint: said.house.safekeeping },
    !isCalm && { path: '/programmas', name: said.programs.title, hint: said.house.programs },
    mayHouse(session, 'check') && { path: '/controle', name: said.check.title, hint: said.house.check },
    { path: '/logboek', name: words.log.title, hint: said.house.log },
  ].filter((place) => place !== false);
  return (
    <div className="page">
      <PageTitle title={said.house.title}>{said.house.title}</PageTitle>
      <ul className="people">
        {places.map((place) => (
          <li key={place.path}>
            <Link href={place.path} className="person">
              <span className="person-words">
                <span className="person-name">{place.name}</span>
                <span className="hint">{place.hint}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
