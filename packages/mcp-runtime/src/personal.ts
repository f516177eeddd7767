import type { Launch } from './launch.ts';

/** What a person has to do before a server can be used in that one's name. */
export interface Needed {
  /** What is missing: values of the person's own, or a sign-in at the server. */
  code: 'credentials' | 'sign-in';
  /** Whole address of the page where it is done. */
  url: string;
  /** Why what the person gave already does not do: the server refused it, or wants more than was agreed to. */
  again?: 'refused' | 'more';
}

/**
 * What of servers is a person's own. But for `unseen` asked of servers alone whose spec says `personal`; all but `launch` is synchronous
 * and from memory, for it is asked with each call of such a server.
 */
export interface Personal {
  /**
   * Names what this person's instances of the server are opened with: an instance that was opened under another name
   * is used no more. Or what the person has to do first.
   */
  standing(serverId: string, person: string): string | Needed;
  /**
   * As whom the primary is opened: whoever filled in or signed in last, and still may use the server, without those whose
   * standing is one of `refused`; null = nobody.
   */
  feeder(serverId: string, refused?: ReadonlySet<string>): string | null;
  /** What a person can give anew where the server refuses what its instance was opened with; null = nothing. */
  refused(serverId: string, person: string): Needed | null;
  /** The launch of the server's spec with what is this person's in it, or what the person has to do first. */
  launch(serverId: string, person: string, launch: Launch): Promise<Launch | Needed>;
  /**
   * Values with which people use a server and that nobody may see: what it writes has none of them. Asked of any server,
   * with each text of it that is kept or shown.
   */
  unseen(serverId: string): readonly string[];
}

/** Where no server is anybody's own. */
export const nothingPersonal: Personal = {
  standing: () => '',
  feeder: () => null,
  refused: () => null,
  launch: (_serverId, _person, launch) => Promise.resolve(launch),
  unseen: () => [],
};
