// The numbers of the house: sizes, functions, comments, tests, circles, barrels, and the places of a field.
import { grid } from '../support/grid.ts';
import { circles, fieldOfServers, files, functionsOf, isTest, lineCount, outlineOf, placesOf, read } from './source.ts';

const rooms: [name: string, own: RegExp, tests: RegExp][] = [
  ['core', /^packages\/core\//, /^(packages\/core\/|tests\/permissions\/)/],
  ['api', /^packages\/api\//, /^(packages\/api\/|tests\/compat\/)/],
  [
    'mcp-runtime',
    /^packages\/mcp-runtime\//,
    /^(packages\/mcp-runtime\/|tests\/(conformance|interop|field|support\/mcp)\/)/,
  ],
  ['docker', /^packages\/docker\//, /^packages\/docker\//],
  ['db', /^packages\/db\//, /^packages\/db\//],
  ['server', /^apps\/server\//, /^(apps\/server\/|tests\/(hub|faults)\/)/],
  ['web', /^apps\/web\//, /^(apps\/web\/|tests\/e2e\/)/],
  ['all', /^(apps|packages)\//, /./],
];

const longFunction = 60;

/** The value that the share `at` of the sorted values does not exceed. */
function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

function rowOf([name, own, tests]: (typeof rooms)[number]): string[] {
  const sources = files.filter((file) => own.test(file) && !isTest(file));
  const sizes = sources.map((file) => lineCount(read(file).trimEnd()));
  const functions = sources.flatMap(functionsOf).map(({ lines }) => lines);
  const outlines = sources.map(outlineOf);
  const exported = outlines.map(({ exports }) => exports);
  const testLines = sum(files.filter((file) => isTest(file) && tests.test(file)).map((file) => lineCount(read(file))));
  return [
    name,
    String(sources.length),
    `${quantile(sizes, 0.5)} / ${quantile(sizes, 0.9)} / ${Math.max(...sizes)}`,
    `${quantile(functions, 0.5)} / ${quantile(functions, 0.9)}`,
    `${functions.filter((lines) => lines > longFunction).length} of ${functions.length}`,
    share(sum(outlines.map(({ commentLines }) => commentLines)), sum(sizes)),
    share(sum(outlines.map(({ documented }) => documented)), sum(outlines.map(({ declared }) => declared))),
    `${quantile(exported, 0.5)} / ${quantile(exported, 0.9)} / ${Math.max(...exported)}`,
    (testLines / sum(sizes)).toFixed(2),
  ];
}

const heads = ['', 'files', 'lines med / p90 / max', 'functions med / p90', `> ${longFunction}`, 'comments', 'docs'];
console.log(grid([...heads, 'exports med / p90 / max', 'tests : source'], rooms.map(rowOf)));
console.log(`\ncircles of imports, types counted: ${circles().length}`);
const barrels = files.map((file) => ({ file, ...outlineOf(file) })).toSorted((a, b) => b.exports - a.exports);
console.log('barrels, by exports:');
for (const { file, exports } of barrels.slice(0, 5)) console.log(`${String(exports).padStart(7)} ${file}`);
function linesOf(which: readonly string[]): number {
  return sum(which.map((file) => lineCount(read(file).trimEnd())));
}
const page = files.filter((file) => file.startsWith('apps/web/src/') && !/\/locales\/|\/words[./]/.test(file));
const tested = linesOf(page.filter((file) => /\.test\.tsx?$/.test(file)));
const written = linesOf(page) - tested;
console.log(
  `tests beside the page's code: ${tested} lines to ${written} (${(tested / written).toFixed(3)}), words apart`,
);
const components = page
  .filter((file) => !isTest(file))
  .flatMap(functionsOf)
  .filter(({ isComponent }) => isComponent);
console.log(`the page's longest component: ${Math.max(...components.map(({ lines }) => lines))} lines`);
const places = placesOf(fieldOfServers);
console.log(`places of the field "${fieldOfServers}" of servers: ${places.length}`);
for (const place of places) console.log(`        ${place}`);
