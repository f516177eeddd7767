export { answerCall, cancelCall, followCall, holdCall, listOfferedTools, startCall } from './verbs.ts';
