export { changePassword, endOtherSessions, endSession, getAccount, listSessions, updateAccount } from './verbs.ts';
export { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from './mfa.ts';
