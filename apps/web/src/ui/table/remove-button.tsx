import { Trash2 } from 'lucide-react';
import { useConfirm } from '../feedback/confirm.tsx';
import { IconButton } from '../form/button.tsx';

interface RemoveButtonProps {
  label: string;
  busy: boolean;
  disabled?: boolean;
  /** What is asked first. */
  question: { title: string; body: string; action: string };
  onRemove: () => void;
}

/** Removes one row of a table, once the question is answered. */
export function RemoveButton({ label, busy, disabled = false, question, onRemove }: RemoveButtonProps) {
  const ask = useConfirm();
  async function askAndRemove() {
    if (await ask(question)) onRemove();
  }
  return (
    <IconButton label={label} busy={busy} disabled={disabled} onClick={() => void askAndRemove()}>
      <Trash2 aria-hidden className="size-4" />
    </IconButton>
  );
}
