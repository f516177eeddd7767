/** One documented endpoint. */
export interface Requirement {
  /** Its number in the table of all documented endpoints. */
  row: number;
  /** Method and path as documented. */
  route: string;
  /** What it does, as a fact. */
  behaviour: string;
  /** Which capability brings it, where it is not there yet. */
  deferred?: string;
  /** Answered by the process itself, a probe or MCP, and no route of a documented API. */
  beside?: true;
}
