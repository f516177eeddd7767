import type {
  Answer,
  AssistantMessage,
  Chunk,
  ContentPart,
  JsonObject,
  Message,
  Tool,
  ToolCall,
  ToolMessage,
} from '../types.ts';

/** The outcome of a tool. */
export interface ToolOutcome {
  content: string | ContentPart[];
  isError: boolean;
  /** For the page; the model does not get it. */
  detail?: unknown;
}

/** The tools of a run, and the way to call them. */
export interface ToolsPort {
  /** As they are offered to the model: their names fit (`nameTools`). */
  tools: readonly Tool[];
  /** The ones that are offered after these messages; absent: all of them. */
  offered?(messages: readonly Message[]): readonly Tool[];
  /**
   * Calls a tool with arguments that are a JSON object. A failure of the tool is an outcome; it rejects only where the
   * run has to end.
   */
  call(call: ToolCall, args: JsonObject, signal: AbortSignal): Promise<ToolOutcome>;
}

export type LoopEvent =
  /** A turn begins. */
  | { type: 'turn'; turn: number }
  /** As the provider sent it, but for ids of calls that were there already. */
  | { type: 'chunk'; turn: number; chunk: Chunk }
  /** The turn's whole answer; its calls begin when the next event is asked for. */
  | { type: 'answer'; turn: number; answer: Answer }
  /** A call of a tool begins, together with the others of the turn, when the last of these events was taken. */
  | { type: 'call'; turn: number; call: ToolCall }
  /** The result of a call. A refused call has no `call` event before it. */
  | { type: 'result'; turn: number; call: ToolCall; message: ToolMessage; detail?: unknown; ms: number };

export interface LoopEnd {
  /**
   * `stop`: the model is done; `length`, `content_filter`: the provider ended the answer; `turns`: there may be no more;
   * `calls`: the model asked again and again for what cannot be called.
   */
  reason: 'stop' | 'length' | 'content_filter' | 'turns' | 'calls';
  /** The number of the last turn. */
  turns: number;
  /** The new messages. */
  messages: (AssistantMessage | ToolMessage)[];
}

export interface LoopInput {
  /**
   * From the system prompt to the user's last message and what followed it. Calls of the last answer that lack their
   * results are carried out first.
   */
  messages: readonly Message[];
  /** One turn of the model; what it throws ends the run. */
  takeTurn(
    messages: readonly Message[],
    tools: readonly Tool[],
    signal: AbortSignal,
    turn: number,
  ): AsyncIterable<Chunk>;
  tools: ToolsPort;
  /** Ends the run with its reason, whatever it is waiting for. */
  signal: AbortSignal;
  /** How the model is offered tools and asks for them; default `native`. */
  protocol?: 'native' | 'tool_action';
  /** The number of the last turn that may be taken; default 10. */
  mostTurns?: number;
  /** The number of the next turn, where a run is resumed; calls that lack results belong to the one before. */
  firstTurn?: number;
}
