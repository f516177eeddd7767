import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { ScrollRegion } from '../layout/scroll-region.tsx';
import { CopyIcon } from './copy.tsx';

interface CodeProps {
  text: string;
  label?: string;
  wrap?: boolean;
  actions?: ReactNode;
  className?: string;
}

/** Text to read or copy as it is. */
export function Code({ text, label, wrap = false, actions, className }: CodeProps) {
  const { t } = useTranslation();
  return (
    <figure className={cx('group relative min-w-0 rounded-md border border-line bg-sunken', className)}>
      <div className="absolute top-1 right-1 z-10 flex rounded-md bg-sunken">
        {actions}
        <CopyIcon text={text} />
      </div>
      <ScrollRegion label={label ?? t('common.code')} className="max-h-96 rounded-md">
        <pre className={cx('p-3 pr-10 font-mono text-sm', wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre')}>
          {text}
        </pre>
      </ScrollRegion>
    </figure>
  );
}

/** A value as indented JSON. */
export function Json({ value, label }: { value: unknown; label?: string }) {
  return <Code text={JSON.stringify(value, null, 2) ?? 'undefined'} {...(label === undefined ? {} : { label })} wrap />;
}
