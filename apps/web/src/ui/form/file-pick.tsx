import { Upload } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';

interface FilePickProps {
  onFiles: (files: File[]) => void;
  accept?: string;
  multiple?: boolean;
  busy?: boolean;
  children: ReactNode;
}

/** A button that asks for files. */
export function FilePick({ onFiles, accept, multiple = false, busy, children }: FilePickProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
      <Button busy={busy} icon={<Upload aria-hidden className="size-4" />} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
