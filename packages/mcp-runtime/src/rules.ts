/** What is decided about texts alone, without a connection: for who reads JSON and names tools elsewhere. */
export { excessOf } from './nesting.ts';
export { fittingName } from './naming.ts';
