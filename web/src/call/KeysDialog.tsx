import { DialogBox } from '../ui/DialogBox';
import { OnOff } from '../ui/Choice';
import { useStore } from '../ui/store';
import { useWords } from '../words/context';
import { keysOn, setKeysOn } from './useKeys';

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const isOn = useStore(keysOn);
  const { keyList: say, keyNames } = words.call;
  const keys: [string[], string][] = [
    [[keyNames.space, 'K'], say.space],
    [['←', 'J'], say.left],
    [['→', 'L'], say.right],
    [[keyNames.home], say.home],
    [['M'], say.next],
    [['Shift + M'], say.previous],
    [['N'], say.note],
    [['<'], say.slower],
    [['>'], say.faster],
    [['S'], say.silence],
    [['?'], say.help],
  ];
  return (
    <DialogBox title={words.call.keysTitle} isOpen onClose={onClose}>
      <dl className="keys">
        {keys.map(([names, text]) => (
          <div key={text}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <OnOff isSelected={isOn} onChange={setKeysOn}>
        {words.call.keysOn}
      </OnOff>
      <p className="hint">{words.call.keysHint}</p>
    </DialogBox>
  );
}
