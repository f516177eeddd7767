import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, type Ref } from 'react';
import { editorColours, editorTheme } from './editor-theme.ts';

export interface EditorProblem {
  /** From 1. */
  line: number;
  message: string;
  severity: 'error' | 'warning';
}

export interface EditorHandle {
  goTo: (line: number) => void;
}

export interface CodeEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  language?: 'yaml' | 'text';
  problems?: readonly EditorProblem[];
  /** Shows what is other than this text. */
  comparedWith?: string | null;
  readOnly?: boolean;
  /** A few lines high. */
  small?: boolean;
  /** Long lines go on in the next one. */
  wrap?: boolean;
  ref?: Ref<EditorHandle>;
}

function toDiagnostics(state: EditorState, problems: readonly EditorProblem[]): Diagnostic[] {
  return problems.map(({ line, message, severity }) => {
    const { from, to, text } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
    return { from: from + (text.length - text.trimStart().length), to, severity, message };
  });
}

function compareWith(original: string | null | undefined) {
  return original === null || original === undefined
    ? []
    : unifiedMergeView({ original, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } });
}

function useEditor(props: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const comparison = useRef(new Compartment());
  const latest = useRef(props);
  useEffect(() => void (latest.current = props));
  const { label, language = 'yaml', readOnly = false, wrap = false } = props;
  useEffect(() => {
    if (!box.current) return;
    const { value, comparedWith, onChange: _onChange } = latest.current;
    view.current = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          indentUnit.of('  '),
          syntaxHighlighting(editorColours),
          editorTheme,
          lintGutter(),
          ...(language === 'yaml' ? [yaml()] : []),
          ...(wrap ? [EditorView.lineWrapping] : []),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
            ...(readOnly ? { 'aria-readonly': 'true' } : {}),
          }),
          // Tab leaves the editor, as everywhere on the page.
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          comparison.current.of(compareWith(comparedWith)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    return () => {
      view.current?.destroy();
      view.current = null;
    };
  }, [label, language, readOnly, wrap]);
  return { box, view, comparison };
}

/** CodeMirror in the page's colours. */
export function CodeEditorView(props: CodeEditorProps) {
  const { box, view, comparison } = useEditor(props);
  const { value, comparedWith, problems, ref } = props;
  useEffect(() => {
    const editor = view.current;
    const before = editor?.state.doc.toString();
    if (editor && before !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [view, value]);
  useEffect(() => {
    view.current?.dispatch({ effects: comparison.current.reconfigure(compareWith(comparedWith)) });
  }, [view, comparison, comparedWith]);
  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state, problems ?? [])));
  }, [view, problems]);
  useEffect(() => {
    const handle: EditorHandle = {
      goTo: (line) => {
        const editor = view.current;
        if (!editor) return;
        const { from } = editor.state.doc.line(Math.min(line, editor.state.doc.lines));
        editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
        editor.focus();
      },
    };
    if (typeof ref === 'function') ref(handle);
    else if (ref) ref.current = handle;
  }, [view, ref]);
  const height = props.small === true ? 'min-h-24 max-h-64' : 'min-h-64 max-h-[60dvh]';
  return <div ref={box} className={`overflow-auto text-sm scroll-thin [&_.cm-editor]:min-h-[inherit] ${height}`} />;
}
