// How one signs in, besides the password.
import { PageTitle } from '../ui/PageTitle';
import { useLater } from '../words/later';
import { Authenticator } from './Authenticator';
import { Passkeys } from './Passkeys';

export default function SecurityPage() {
  const { security } = useLater();
  return (
    <div className="page page-settings">
      <PageTitle title={security.title}>{security.title}</PageTitle>
      <p className="lead">{security.intro}</p>
      <Authenticator />
      <Passkeys />
    </div>
  );
}
