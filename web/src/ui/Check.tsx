// A box to tick, alone or one of several.
import type { ReactNode } from 'react';
import { Checkbox, type CheckboxProps } from 'react-aria-components';

const tick = (
  <svg className="check-mark" viewBox="0 0 16 16" aria-hidden>
    <path d="M3 8.5 6.5 12 13 4.5" />
  </svg>
);

export function Check({
  children,
  className = '',
  ...props
}: Omit<CheckboxProps, 'children' | 'className'> & { children?: ReactNode; className?: string }) {
  return (
    <Checkbox {...props} className={`check ${className}`}>
      <span className="check-box">{tick}</span>
      {children && <span className="radio-words">{children}</span>}
    </Checkbox>
  );
}
