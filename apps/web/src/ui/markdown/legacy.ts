import { StreamLanguage } from '@codemirror/language';
import { diff } from '@codemirror/legacy-modes/mode/diff';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { standardSQL } from '@codemirror/legacy-modes/mode/sql';
import { toml } from '@codemirror/legacy-modes/mode/toml';

/** Languages that have no grammar for lezer itself. */
export const diffParser = StreamLanguage.define(diff).parser;
export const shellParser = StreamLanguage.define(shell).parser;
export const sqlParser = StreamLanguage.define(standardSQL).parser;
export const tomlParser = StreamLanguage.define(toml).parser;
