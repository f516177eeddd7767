import { ChevronDown, Eye, EyeOff, Search, X } from 'lucide-react';
import {
  useState,
  type InputHTMLAttributes,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { useFieldProps } from './field.tsx';

const box =
  'w-full min-w-0 rounded-md border border-line-strong bg-raised text-base text-ink shadow-rest transition-colors hover:border-ink-3 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-3';

interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ mono = false, className, ...rest }: InputProps) {
  const field = useFieldProps();
  return (
    <input
      spellCheck={false}
      autoComplete="off"
      {...field}
      {...rest}
      className={cx(box, 'h-9 px-3', mono && 'font-mono text-sm', className)}
    />
  );
}

/** A secret that is shown only while the person wants to see it. */
export function SecretInput({ className, ...rest }: InputProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const field = useFieldProps();
  return (
    <div className="relative">
      <input
        spellCheck={false}
        autoComplete="off"
        {...field}
        {...rest}
        type={shown ? 'text' : 'password'}
        className={cx(box, 'h-9 px-3 pr-9', className)}
      />
      <button
        type="button"
        onClick={() => setShown(!shown)}
        aria-label={shown ? t('common.hide') : t('common.show')}
        aria-pressed={shown}
        className="absolute inset-y-1 right-1 grid w-7 place-items-center rounded-sm text-ink-3 hover:text-ink"
      >
        {shown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
      </button>
    </div>
  );
}

interface TextareaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  mono?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function Textarea({ mono = false, className, rows = 4, ...rest }: TextareaProps) {
  const field = useFieldProps();
  return (
    <textarea
      spellCheck={!mono}
      {...field}
      rows={rows}
      {...rest}
      className={cx(box, 'resize-y px-3 py-2 scroll-thin', mono && 'font-mono text-sm', className)}
    />
  );
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  compact?: boolean;
}

export function Select({ className, compact = false, children, ...rest }: SelectProps) {
  const field = useFieldProps();
  return (
    <div className={cx('relative min-w-0', className)}>
      <select
        {...field}
        {...rest}
        className={cx(box, 'appearance-none truncate pr-8', compact ? 'h-8 pl-2.5 text-sm' : 'h-9 pl-3')}
      >
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-ink-3" />
    </div>
  );
}

interface SearchInputProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
  className?: string;
}

export function SearchInput({ value, onChange, label, placeholder, className }: SearchInputProps) {
  const { t } = useTranslation();
  // The value often stands in the address, which follows a moment later: without its own text the input would lose
  // letters that are typed meanwhile, and its caret would jump to the end.
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === value) setTyped(null);
  const shown = typed ?? value;
  function change(next: string) {
    setTyped(next);
    onChange(next);
  }
  return (
    <div className={cx('relative min-w-0', className)}>
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-ink-3" />
      <input
        type="search"
        value={shown}
        aria-label={label}
        placeholder={placeholder ?? label}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(null)}
        className={cx(box, 'h-8 pr-8 pl-8 text-sm [&::-webkit-search-cancel-button]:hidden')}
      />
      {shown !== '' && (
        <button
          type="button"
          aria-label={t('common.clear')}
          onClick={() => change('')}
          className="absolute inset-y-1 right-1 grid w-6 place-items-center rounded-sm text-ink-3 hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  );
}

export function Checkbox({ className, ...rest }: Omit<InputHTMLAttributes<HTMLInputElement>, 'type'>) {
  return <input type="checkbox" {...rest} className={cx('size-4 shrink-0 accent-accent', className)} />;
}
