// How other programs come in, and how they are told what happens.
import { mayHouse, useSession } from '../frame/session';
import { PageTitle } from '../ui/PageTitle';
import { useLater } from '../words/later';
import { Tokens } from './Tokens';
import { Webhooks } from './Webhooks';

export default function ProgramsPage() {
  const { programs } = useLater();
  const session = useSession();
  return (
    <div className="page page-sections">
      <PageTitle title={programs.title}>{programs.title}</PageTitle>
      <p className="lead">{programs.intro}</p>
      <Tokens />
      {mayHouse(session, 'webhooks') && <Webhooks />}
    </div>
  );
}
