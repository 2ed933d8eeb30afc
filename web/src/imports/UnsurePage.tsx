// What was brought and wants somebody to look at it: when it was, or with whom.
import { CallList } from '../calls/CallList';
import { LinkButton } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { useLater } from '../words/later';

export default function UnsurePage() {
  const { imports: said } = useLater();
  return (
    <div className="page">
      <PageTitle title={said.unsureTitle} aside={<LinkButton href="/binnenhalen">{said.title}</LinkButton>}>
        {said.unsureTitle}
      </PageTitle>
      <p className="lead">{said.unsureIntro}</p>
      <CallList filters={{ only: 'unsure' }} empty={{ title: said.unsureNone, text: said.unsureEmpty }} />
    </div>
  );
}
