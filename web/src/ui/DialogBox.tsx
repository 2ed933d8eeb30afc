// A dialog over the page: a heading, its content, and a way out that is always at the same place.
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWords } from '../words/context';
import { Button } from './Button';

interface Props {
  title: string;
  isOpen: boolean;
  onClose?: () => void;
  children: ReactNode;
  size?: 'narrow' | 'wide';
}

export function DialogBox({ title, isOpen, onClose, children, size = 'narrow' }: Props) {
  const words = useWords();
  return (
    <ModalOverlay
      className="veil"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose?.();
      }}
      isDismissable={false}
      isKeyboardDismissDisabled={!onClose}
    >
      <Modal className={`modal modal-${size}`}>
        <Dialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            {onClose && (
              <Button look="quiet" onPress={onClose}>
                {words.common.close}
              </Button>
            )}
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
