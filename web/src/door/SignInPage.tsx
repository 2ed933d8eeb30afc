import { PageTitle } from '../ui/PageTitle';
import { useWords } from '../words/context';
import { Door } from './Door';
import { SignInForm } from './SignInForm';

export default function SignInPage() {
  const words = useWords();
  return (
    <Door>
      <PageTitle title={words.door.signIn}>{words.door.welcome}</PageTitle>
      <p className="lead">{words.door.motto}</p>
      <SignInForm />
    </Door>
  );
}
