import { type Inputs, toFailure, type useTRPCClient } from '../../lib/trpc.ts';
import type { TerminalLink, TerminalSize } from '../../ui/output/terminal.tsx';

interface LinkOptions {
  input: Inputs['containers']['openTerminal'];
  write: (text: string) => void;
  onExit: (code: number | null) => void;
  onError: (message: string) => void;
}

/** Joins a terminal on the page to a program in a container. */
export function openLink(api: ReturnType<typeof useTRPCClient>, options: LinkOptions): TerminalLink {
  let terminalId: string | null = null;
  let closed = false;
  let waiting = '';
  let sending = false;
  let size: TerminalSize | null = null;
  let stream: { unsubscribe: () => void } | null = null;
  function fail(error: unknown) {
    if (!closed) options.onError(toFailure(error).message);
  }

  /** One request after the other: what is typed has to come in its order. */
  async function send() {
    if (sending || terminalId === null) return;
    sending = true;
    while (waiting !== '') {
      const data = waiting;
      waiting = '';
      if (terminalId !== null) await api.containers.writeTerminal.mutate({ terminalId, data }).catch(fail);
    }
    sending = false;
  }
  function resize() {
    if (terminalId !== null && size) api.containers.resizeTerminal.mutate({ terminalId, size }).catch(fail);
  }
  function close(id: string) {
    void api.containers.closeTerminal.mutate({ terminalId: id }).catch(() => undefined);
  }

  api.containers.openTerminal.mutate(options.input).then((opened) => {
    if (closed) {
      close(opened.terminalId);
      return;
    }
    ({ terminalId } = opened);
    stream = api.containers.terminal.subscribe(opened, {
      onData: (event) => {
        if (event.type === 'data') options.write(event.text);
        else {
          terminalId = null;
          options.onExit(event.exitCode);
        }
      },
      onError: fail,
    });
    resize();
    void send();
  }, fail);

  return {
    input: (data) => {
      waiting += data;
      void send();
    },
    resize: (next) => {
      size = next;
      resize();
    },
    close: () => {
      closed = true;
      stream?.unsubscribe();
      if (terminalId !== null) close(terminalId);
      terminalId = null;
    },
  };
}
