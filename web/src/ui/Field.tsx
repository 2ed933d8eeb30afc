// One labelled text field with its hint and what is wrong with it.
import { useState, type ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components';
import { useWords } from '../words/context';
import { Button } from './Button';

interface Props extends Omit<TextFieldProps, 'children' | 'className'> {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  rows?: number;
  placeholder?: string;
  inputMode?: 'text' | 'numeric' | 'search';
  className?: string;
}

export function Field({ label, hint, error, rows, placeholder, inputMode, className = '', ...props }: Props) {
  return (
    <TextField {...props} isInvalid={Boolean(error)} validationBehavior="aria" className={`field ${className}`}>
      <Label>{label}</Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder} />
      ) : (
        <Input placeholder={placeholder} inputMode={inputMode} />
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

export function PasswordField({ label, hint, error, ...props }: Omit<Props, 'rows' | 'placeholder' | 'inputMode'>) {
  const words = useWords();
  const [isShown, setIsShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="field"
    >
      <Label>{label}</Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <div className="field-with-button">
        <Input spellCheck="false" autoCapitalize="none" />
        <Button
          look="quiet"
          aria-label={isShown ? words.door.hidePassword : words.door.showPassword}
          onPress={() => setIsShown(!isShown)}
        >
          {isShown ? words.door.hide : words.door.show}
        </Button>
      </div>
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

// A field for several short texts, one a line; commas part them, too.
export const linesOf = (text: string) => [
  ...new Set(
    text
      .split(/[\n,;]/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

// The first of them that is no telephone number: there is no digit in it.
export const notANumber = (numbers: readonly string[]) => numbers.find((number) => !/\d/.test(number));
