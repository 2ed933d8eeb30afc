// The recovery codes, shown once: to be copied, printed, or kept as a file.
import { useRef } from 'react';
import { useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { copy } from '../ui/copy';
import { say } from '../ui/said';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const words = useWords();
  const { security } = useLater();
  const { account } = useSession();
  const box = useRef<HTMLOListElement>(null);
  const text = `${security.fileTitle(account.name)}\n\n${codes.join('\n')}\n`;
  const copyOrSelect = async () => {
    if (await copy(text)) say(words.common.copied);
    else if (box.current) getSelection()?.selectAllChildren(box.current);
  };
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'naklank.txt';
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className="paper">
      <h3>{security.recovery}</h3>
      <p>{security.recoveryHint}</p>
      <p className="paper-title">{security.fileTitle(account.name)}</p>
      <ol className="codes" ref={box}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Actions>
        <Button onPress={() => void copyOrSelect()}>{words.common.copy}</Button>
        <Button onPress={() => print()}>{security.print}</Button>
        <Button onPress={download}>{security.download}</Button>
        <Button look="first" onPress={onDone}>
          {security.done}
        </Button>
      </Actions>
    </div>
  );
}
