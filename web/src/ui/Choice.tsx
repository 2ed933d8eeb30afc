// Choosing: one of a few (radio cards), several (checks), on or off (switch), one of many (pick).
import type { ReactNode } from 'react';
import {
  Button, Checkbox, CheckboxGroup, Label, ListBox, ListBoxItem, Popover, Radio, RadioGroup, Select, SelectValue, Switch, Text,
  type CheckboxGroupProps, type CheckboxProps, type RadioGroupProps, type SwitchProps,
} from 'react-aria-components';

export interface Option<T extends string = string> { id: T; name: string; hint?: string }

interface ChoiceProps<T extends string> extends Omit<RadioGroupProps, 'children' | 'value' | 'onChange' | 'className'> {
  label: ReactNode;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  look?: 'cards' | 'row';
}

export function Choice<T extends string>({ label, options, onChange, look = 'cards', ...props }: ChoiceProps<T>) {
  return (
    <RadioGroup {...props} onChange={(value) => onChange(value as T)} className={`choice choice-${look}`}>
      <Label>{label}</Label>
      <div className="choice-options">
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="radio">
            <span className="radio-mark" aria-hidden />
            <span className="radio-words">
              <span className="radio-name">{option.name}</span>
              {option.hint && <span className="hint">{option.hint}</span>}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

const tick = <svg className="check-mark" viewBox="0 0 16 16" aria-hidden><path d="M3 8.5 6.5 12 13 4.5" /></svg>;

export function Check({ children, className = '', ...props }: Omit<CheckboxProps, 'children' | 'className'> & { children?: ReactNode; className?: string }) {
  return (
    <Checkbox {...props} className={`check ${className}`}>
      <span className="check-box">{tick}</span>
      {children && <span className="radio-words">{children}</span>}
    </Checkbox>
  );
}

export function Checks<T extends string>({ label, options, error, ...props }: Omit<CheckboxGroupProps, 'children' | 'className'> & { label: ReactNode; options: readonly Option<T>[]; error?: string | undefined }) {
  return (
    <CheckboxGroup {...props} isInvalid={Boolean(error)} validationBehavior="aria" className="choice">
      <Label>{label}</Label>
      <div className="choice-options">
        {options.map((option) => (
          <Check key={option.id} value={option.id} className="check-card">
            <span className="radio-name">{option.name}</span>
            {option.hint && <span className="hint">{option.hint}</span>}
          </Check>
        ))}
      </div>
      {error && <Text slot="errorMessage" className="field-error">{error}</Text>}
    </CheckboxGroup>
  );
}

export function OnOff({ children, ...props }: Omit<SwitchProps, 'children' | 'className'> & { children: ReactNode }) {
  return (
    <Switch {...props} className="switch">
      <span className="switch-track" aria-hidden><span className="switch-knob" /></span>
      <span>{children}</span>
    </Switch>
  );
}

interface PickProps<T extends string> { label: string; options: readonly Option<T>[]; value: T; onChange: (value: T) => void; isDisabled?: boolean }

export function Pick<T extends string>({ label, options, value, onChange, isDisabled = false }: PickProps<T>) {
  return (
    <Select className="field pick" value={value} onChange={(key) => onChange(key as T)} isDisabled={isDisabled}>
      <Label>{label}</Label>
      <Button className="pick-button">
        <SelectValue />
        <svg viewBox="0 0 16 16" aria-hidden><path d="m3 6 5 5 5-5" /></svg>
      </Button>
      <Popover className="pick-popover" offset={4}>
        <ListBox items={options} className="pick-list">
          {(option) => <ListBoxItem id={option.id} textValue={option.name} className="pick-item">{option.name}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
