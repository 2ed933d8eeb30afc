// Search as one types: the address follows a moment after the last key.
import { useEffect, useRef, useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { useWords } from '../words/context';
import { Button } from '../ui/Button';

const patienceMs = 250;

export function SearchBox({
  label,
  value,
  onSearch,
  autoFocus = false,
}: {
  label: string;
  value: string;
  onSearch: (q: string) => void;
  autoFocus?: boolean;
}) {
  const words = useWords();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(value);
  // The address changed by other means, as by going back.
  useEffect(() => {
    if (value !== asked.current) {
      asked.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (q: string, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      asked.current = q.trim();
      onSearch(q.trim());
    }, afterMs);
  };
  return (
    <SearchField
      className="field search"
      value={text}
      autoFocus={autoFocus}
      onChange={(q) => {
        setText(q);
        search(q, patienceMs);
      }}
      onSubmit={(q) => search(q, 0)}
    >
      <Label>{label}</Label>
      <div className="field-with-button">
        <Input spellCheck="false" />
        {text && <Button look="quiet">{words.common.clear}</Button>}
      </div>
    </SearchField>
  );
}
