import { z } from 'zod';

/** Of a document, as JSON counts them. */
const mostChars = 2_000_000;
const mostHosts = 64;

export const ShowApp = z.object({
  serverId: z.string().min(1).max(256),
  uri: z.string().startsWith('ui://').max(2048),
  /**
   * The hosts that the person allowed, in the form they were shown in; hosts that the interface does not declare stay
   * blocked.
   */
  allowed: z.array(z.string().max(300)).max(mostHosts).default([]),
});
export type ShowApp = z.infer<typeof ShowApp>;

export const ShowHtml = z.object({ html: z.string().max(mostChars) });

export const FrameRef = z.object({ frameId: z.uuid() });

/**
 * The uses that an interface can declare for a host: connect to it, load from it, embed its pages, use it as a base.
 */
export type HostUse = 'connect' | 'load' | 'show' | 'base';

export interface DeclaredHost {
  /** As a policy names it: `https://api.example.com`, `https://*.example.com:8443`. */
  source: string;
  uses: HostUse[];
}

/** A document that waits under an id for its frame, which asks for it once. */
export interface OpenedFrame {
  frameId: string;
  /** The declared hosts; only the allowed ones can be reached. */
  hosts: DeclaredHost[];
  /** Entries of its declaration that name no host. */
  ignored: number;
  /** Whether it wants a border around it. */
  prefersBorder: boolean | null;
}
