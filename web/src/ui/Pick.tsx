// Choosing one of many, from a list that opens.
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import type { Option } from './Choice';

interface PickProps<T extends string> {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  isDisabled?: boolean;
}

export function Pick<T extends string>({ label, options, value, onChange, isDisabled = false }: PickProps<T>) {
  return (
    <Select className="field pick" value={value} onChange={(key) => onChange(key as T)} isDisabled={isDisabled}>
      <Label>{label}</Label>
      <Button className="pick-button">
        <SelectValue />
        <svg viewBox="0 0 16 16" aria-hidden>
          <path d="m3 6 5 5 5-5" />
        </svg>
      </Button>
      <Popover className="pick-popover" offset={4}>
        <ListBox items={options} className="pick-list">
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className="pick-item">
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
