import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ErrorCode, RpcError } from '../../rpc.ts';

/** The content of a `requestState` of the hub: the way back to a parked call, or a server's own state. */
export type HubState = { kind: 'parked'; id: string } | { kind: 'upstream'; serverId: string; state: string };

export interface RequestStates {
  /** Seals for this credential and endpoint; only this process can open it. */
  seal(binding: string, state: HubState): string;
  /** Opens it again; throws RpcError where it is foreign, tampered or from another process. */
  open(binding: string, sealed: string): HubState;
}

const prefix = 'sb1.';
const ivBytes = 12;
const tagBytes = 16;

/** The error for a request state that the hub did not give to this caller for this call. */
export function foreignState(): RpcError {
  return new RpcError(
    ErrorCode.invalidParams,
    'Invalid requestState: it was changed, belongs to another caller, or is from before a restart. Send the request again without requestState and inputResponses.',
  );
}

/** Encrypted, authenticated request states under a key that lives as long as the process. */
export function createRequestStates(key: Buffer = randomBytes(32)): RequestStates {
  return {
    seal(binding, state) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(binding));
      const body = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(binding, sealed) {
      if (!sealed.startsWith(prefix)) throw foreignState();
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
      if (bytes.length <= ivBytes + tagBytes) throw foreignState();
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
        decipher.setAAD(Buffer.from(binding));
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const body = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
        return JSON.parse(body.toString('utf8')) as HubState;
      } catch {
        throw foreignState();
      }
    },
  };
}
