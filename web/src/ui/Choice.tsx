// Choosing: one of a few (radio cards), several (checks), on or off (switch).
import type { ReactNode } from 'react';
import {
  CheckboxGroup,
  Label,
  Radio,
  RadioGroup,
  Switch,
  Text,
  type CheckboxGroupProps,
  type RadioGroupProps,
  type SwitchProps,
} from 'react-aria-components';
import { Check } from './Check';

export interface Option<T extends string = string> {
  id: T;
  name: string;
  hint?: string;
}

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

export function Checks<T extends string>({
  label,
  options,
  error,
  ...props
}: Omit<CheckboxGroupProps, 'children' | 'className'> & {
  label: ReactNode;
  options: readonly Option<T>[];
  error?: string | undefined;
}) {
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
      {error && (
        <Text slot="errorMessage" className="field-error">
          {error}
        </Text>
      )}
    </CheckboxGroup>
  );
}

export function OnOff({ children, ...props }: Omit<SwitchProps, 'children' | 'className'> & { children: ReactNode }) {
  return (
    <Switch {...props} className="switch">
      <span className="switch-track" aria-hidden>
        <span className="switch-knob" />
      </span>
      <span>{children}</span>
    </Switch>
  );
}
