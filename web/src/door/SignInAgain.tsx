import { DialogBox } from '../ui/DialogBox';
import { useWords } from '../words/context';
import { SignInForm } from './SignInForm';

export default function SignInAgain({ name }: { name: string }) {
  const words = useWords();
  return (
    <DialogBox title={words.door.lostTitle} isOpen>
      <p>{words.door.lost}</p>
      <SignInForm firstName={name} />
    </DialogBox>
  );
}
