/** The rules over texts, without a connection: for code that reads JSON and names tools elsewhere. */
export { excessOf } from './nesting.ts';
export { fittingName } from './naming.ts';
