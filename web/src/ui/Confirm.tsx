// A question before something that cannot be taken back.
import { Actions, Button } from './Button';
import { DialogBox } from './DialogBox';
import { Trouble } from './states';
import { useWords } from '../words/context';

interface Props {
  title: string;
  text: string;
  yes: string;
  error: unknown;
  isPending: boolean;
  onYes: () => void;
  onClose: () => void;
}

export function Confirm({ title, text, yes, error, isPending, onYes, onClose }: Props) {
  const words = useWords();
  return (
    <DialogBox title={title} isOpen onClose={onClose}>
      <p>{text}</p>
      <Trouble error={error} />
      <Actions>
        <Button look="danger" isPending={isPending} onPress={onYes}>
          {yes}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}
