import { StringDecoder } from 'node:string_decoder';
import type { ExecSession } from '@switchboard/docker';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import type { TerminalEvent } from './schema.ts';

/**
 * Programs with a terminal in containers, each bound to the credential that opened it. One for the process. No runs: a
 * terminal has one reader, takes input, and holds its program back instead of dropping output (docs/adr/0028).
 */
export interface Terminals {
  /** `stop` ends what keeps the terminal's rights under watch. */
  open(credential: string, session: ExecSession, ended: AbortSignal, stop: () => void): string;
  find(credential: string, id: string): Terminal;
  closeAll(): void;
}

export interface Terminal {
  write(data: string): Promise<void>;
  resize(size: { columns: number; rows: number }): Promise<void>;
  /** Its output from where the last reader left it; a second reader takes over. */
  follow(signal: AbortSignal): AsyncGenerator<TerminalEvent>;
  close(): void;
}

const mostPerCredential = 16;
/** Output that waits for a reader; the program is held back beyond it. */
const mostWaiting = 256 * 1024;
/** A page that is reloaded comes back within this. */
const unattendedMs = 60_000;

interface Open extends Terminal {
  credential: string;
}

function openTerminal(session: ExecSession, onEnd: () => void): Terminal {
  let waiting = '';
  let ended = false;
  let exitCode: number | null = null;
  let reader: symbol | null = null;
  let wake: () => void = () => undefined;
  let drained: () => void = () => undefined;
  let unattended: NodeJS.Timeout | undefined;

  function close() {
    clearTimeout(unattended);
    session.close();
    onEnd();
  }
  function leaveAlone() {
    clearTimeout(unattended);
    unattended = setTimeout(close, unattendedMs);
    unattended.unref();
  }
  async function pump() {
    const decoder = new StringDecoder('utf8');
    try {
      for await (const { data } of session.output) {
        waiting += decoder.write(data);
        wake();
        if (waiting.length > mostWaiting) await new Promise<void>((resolve) => (drained = resolve));
      }
    } catch {
      // The end in any form: the exit code says more, where there is one.
    }
    exitCode = await session.exitCode().catch(() => null);
    ended = true;
    wake();
    if (reader === null) leaveAlone();
  }
  leaveAlone();
  void pump();

  return {
    write: (data) => session.write(data),
    resize: (size) => session.resize(size),
    close: () => {
      close();
      drained();
    },
    async *follow(signal) {
      const me = Symbol('reader');
      reader = me;
      wake();
      clearTimeout(unattended);
      function leave() {
        wake();
      }
      signal.addEventListener('abort', leave, { once: true });
      try {
        function isMine() {
          return !signal.aborted && reader === me;
        }
        while (isMine()) {
          if (waiting !== '') {
            const text = waiting;
            waiting = '';
            drained();
            yield { type: 'data', text };
          } else if (ended) {
            yield { type: 'exit', exitCode };
            close();
            return;
          } else {
            await new Promise<void>((resolve) => (wake = resolve));
          }
        }
      } finally {
        signal.removeEventListener('abort', leave);
        if (reader === me) {
          reader = null;
          if (!ended) leaveAlone();
        }
      }
    },
  };
}

export function createTerminals(): Terminals {
  const terminals = new Map<string, Open>();
  return {
    open(credential, session, endedSignal, stop) {
      const mine = [...terminals.values()].filter((terminal) => terminal.credential === credential);
      if (mine.length >= mostPerCredential) {
        session.close();
        stop();
        throw new DomainError('limit_exceeded', say('mostTerminals', { number: mine.length }));
      }
      const id = newId();
      const terminal = openTerminal(session, () => {
        stop();
        terminals.delete(id);
      });
      endedSignal.addEventListener('abort', terminal.close, { once: true });
      terminals.set(id, { ...terminal, credential });
      return id;
    },
    find(credential, id) {
      const found = terminals.get(id);
      if (found?.credential !== credential) throw new DomainError('not_found', say('terminalClosed'));
      return found;
    },
    closeAll() {
      for (const { close } of terminals.values()) close();
    },
  };
}
