// A secret that is told once: to be copied, or selected where a page may not copy.
import { useRef } from 'react';
import { useWords } from '../words/context';
import { Button } from './Button';
import { copy } from './copy';
import { Field } from './Field';
import { say } from './said';

export function Once({ title, hint, label, value }: { title: string; hint: string; label: string; value: string }) {
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const copyOrSelect = async () => {
    if (await copy(value)) say(words.common.copied);
    else box.current?.querySelector('input')?.select();
  };
  return (
    <div className="made-link" role="status">
      <h3>{title}</h3>
      <p>{hint}</p>
      <div className="field-with-button" ref={box}>
        <Field label={label} value={value} isReadOnly className="field-grow" />
        <Button look="first" onPress={() => void copyOrSelect()}>
          {words.common.copy}
        </Button>
      </div>
    </div>
  );
}
