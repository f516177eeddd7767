export { beginSignIn, endSignIn, finishSignIn, getSignIn, type FinishedSignIn } from './verbs.ts';
export { type UpstreamSignIns } from './contract.ts';
