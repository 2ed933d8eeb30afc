// Buttons and links that look like buttons; four looks, by how much they matter.
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Link as AriaLink,
  ToggleButton as AriaToggle,
  type ButtonProps,
  type LinkProps,
  type ToggleButtonProps,
} from 'react-aria-components';

export type Look = 'first' | 'plain' | 'quiet' | 'danger';
const classOf = (look: Look, extra = '') => `button button-${look} ${extra}`.trim();

interface Props extends Omit<ButtonProps, 'className' | 'isPending'> {
  look?: Look;
  className?: string;
  isPending?: boolean;
}

// While what it asked for is under way it does nothing, and keeps the focus.
export function Button({ look = 'plain', className = '', isPending = false, onPress, type, ...props }: Props) {
  return (
    <AriaButton
      {...props}
      {...(isPending ? { type: 'button' } : { ...(type && { type }), ...(onPress && { onPress }) })}
      className={classOf(look, isPending ? `is-pending ${className}` : className)}
    />
  );
}

export function LinkButton({
  look = 'plain',
  className,
  ...props
}: Omit<LinkProps, 'className'> & { look?: Look; className?: string }) {
  return <AriaLink {...props} className={classOf(look, className)} />;
}

export function Toggle({ className, ...props }: Omit<ToggleButtonProps, 'className'> & { className?: string }) {
  return <AriaToggle {...props} className={classOf('plain', `toggle ${className ?? ''}`)} />;
}

// A row of things to do.
export function Actions({ children }: { children: ReactNode }) {
  return <div className="actions">{children}</div>;
}
