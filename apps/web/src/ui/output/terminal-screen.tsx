import { FitAddon } from '@xterm/addon-fit';
import { Terminal as Xterm } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef } from 'react';

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** What is on the other side of a terminal. */
export interface TerminalLink {
  input: (data: string) => void;
  resize: (size: TerminalSize) => void;
  close: () => void;
}

export interface TerminalProps {
  label: string;
  /** Opens the other side; it stays until the terminal goes. */
  connect: (screen: { size: TerminalSize; write: (text: string) => void }) => TerminalLink;
  /** The keyboard's way out: Ctrl+] was pressed. */
  onLeave: () => void;
}

const theme = {
  background: '#11100e',
  foreground: '#f2eee8',
  cursor: '#aab4ff',
  selectionBackground: '#3b4178',
  black: '#24211e',
  brightBlack: '#9d968a',
  red: '#ff8d82',
  green: '#62cf93',
  yellow: '#e9b455',
  blue: '#8f9bff',
  magenta: '#d79bf0',
  cyan: '#6fcbd8',
  white: '#f2eee8',
};

/** A terminal drawn by xterm, as large as its box. */
export function TerminalScreen({ label, connect, onLeave }: TerminalProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ connect, onLeave });
  useEffect(() => void (latest.current = { connect, onLeave }));
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const fit = new FitAddon();
    const screen = new Xterm({
      theme,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 13,
      scrollback: 5000,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      screenReaderMode: true,
    });
    screen.loadAddon(fit);
    screen.open(element);
    fit.fit();
    screen.textarea?.setAttribute('aria-label', label);
    function size() {
      return { columns: screen.cols, rows: screen.rows };
    }
    const link = latest.current.connect({ size: size(), write: (text) => screen.write(text) });
    screen.attachCustomKeyEventHandler((event) => {
      if (event.type !== 'keydown' || !event.ctrlKey || event.key !== ']') return true;
      event.preventDefault();
      screen.blur();
      latest.current.onLeave();
      return false;
    });
    screen.onData(link.input);
    screen.onResize(() => link.resize(size()));
    const resized = new ResizeObserver(() => fit.fit());
    resized.observe(element);
    screen.focus();
    return () => {
      resized.disconnect();
      link.close();
      screen.dispose();
    };
  }, [label]);
  return <div ref={box} className="h-full font-mono" />;
}
