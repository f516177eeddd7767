import type { Rows } from './row.ts';

const elsewhere = 'it is about servers of one kind, whose rights it follows: generated-tools.test.ts';
const body = { folder_name: 'shared', script_files: { 'main.py': '' }, readme: '', dependencies: '' };

export const trpc: Rows = {
  'generatedTools.list': { circle: 'signedIn', say: () => ({}) },
  'generatedTools.get': { elsewhere },
  'generatedTools.register': {
    circle: 'notViewers',
    say: () => ({ input: { folderName: 'shared', scriptFiles: { 'main.py': '' }, readme: '', dependencies: '' } }),
  },
  'generatedTools.change': { elsewhere },
  'generatedTools.enable': { elsewhere },
  'generatedTools.disable': { elsewhere },
  'generatedTools.remove': { elsewhere },
};

export const rest: Rows = {
  'agents.mcp.register': { circle: 'notViewers', say: () => ({ input: body }) },
  'agents.mcp.generated': { circle: 'signedIn', say: () => ({}) },
};
