/** A JSON object as it came off the wire; fields unknown to the hub are kept and passed on. */
export type JsonObject = { [key: string]: unknown };

/** Which format a model is spoken to in; `demo` is built in and needs no network. */
export type Protocol = 'openai' | 'anthropic' | 'demo';

/** Settings of one request, called as OpenAI calls them; further ones are sent as they are. */
export interface Parameters extends JsonObject {
  temperature?: number;
  top_p?: number;
  top_k?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  n?: number;
  stop?: string | string[];
  seed?: number;
  logprobs?: boolean;
  top_logprobs?: number;
  tool_choice?: ToolChoice;
  parallel_tool_calls?: boolean;
  response_format?: JsonObject;
  reasoning_effort?: string;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { type: 'function'; function: { name: string } };

/** Milliseconds that a turn may take. */
export interface TurnLimits {
  /** Until the first byte of an answer. */
  firstByteMs: number;
  /** Between two pieces of an answer. */
  idleMs: number;
  /** For the whole turn, retries and waits for them included. */
  totalMs: number;
  /** How often a request is sent again before the first byte of its answer. */
  retries: number;
}

/** How a provider's model is reached and asked. */
export interface Model {
  /** The hub's name for the model, for messages. */
  name: string;
  protocol: Protocol;
  /** With or without a path; without one `/v1` is meant. Ignored for `demo`. */
  baseUrl: string;
  /** Null where the provider wants none. */
  apiKey: string | null;
  /** The provider's name for the model. */
  model: string;
  /** Sent where the request says nothing else. */
  defaults?: Parameters;
  /** Added to the body of each request, before anything else of the same name. */
  extraBody?: JsonObject;
  /** Added to each request as far as `headerAllowed` lets them pass. */
  extraHeaders?: Readonly<Record<string, string>>;
  /** Whether loopback and private addresses may be contacted. */
  allowPrivate: boolean;
  /** The abilities of the model; the parts of a request that it lacks are left out. Absent = all. */
  abilities?: Partial<Abilities>;
  limits?: Partial<TurnLimits>;
}

export interface Abilities {
  tools: boolean;
  images: boolean;
  reasoning: boolean;
}

/** A tool as it is offered to a model. */
export interface Tool {
  type: 'function';
  function: ToolFunction;
}

export interface ToolFunction {
  /** `^[A-Za-z0-9_-]{1,64}$`: see `nameTools`. */
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters?: JsonObject;
  strict?: boolean;
}

export interface ToolCall {
  id: string;
  type: 'function';
  /** `arguments` is JSON as text, as the model wrote it: it may be no JSON. */
  function: { name: string; arguments: string };
  /** Data that a provider wants back with the call, such as Gemini's signature of its thoughts. */
  extra_content?: JsonObject;
}

export type ContentPart =
  | { type: 'text'; text: string }
  /** `url` is https or a data URL. */
  | { type: 'image_url'; image_url: { url: string; detail?: string } };

/** A thought of a model, as Anthropic gives it: sent back with its signature inside a loop of tools. */
export type ThinkingBlock =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string };

export interface SystemMessage {
  role: 'system' | 'developer';
  content: string | ContentPart[];
}

export interface UserMessage {
  role: 'user';
  content: string | ContentPart[];
  name?: string;
}

export interface AssistantMessage {
  role: 'assistant';
  content: string | null;
  refusal?: string;
  /** Its thoughts, as text. */
  reasoning_content?: string;
  thinking_blocks?: ThinkingBlock[];
  /** The same as OpenRouter has it. */
  reasoning_details?: JsonObject[];
  tool_calls?: ToolCall[];
}

export interface ToolMessage {
  role: 'tool';
  tool_call_id: string;
  content: string | ContentPart[];
  /** Said to models that know the difference. */
  is_error?: boolean;
}

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** `stop`, `length`, `tool_calls`, `content_filter`; providers have others. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | (string & {});

export interface Usage extends JsonObject {
  /** All of the prompt, what was read from a cache included. */
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: JsonObject & { cached_tokens?: number };
  completion_tokens_details?: JsonObject & { reasoning_tokens?: number };
}

/** One piece of a tool call; pieces of one call share `index`. */
export interface ToolCallDelta extends JsonObject {
  index: number;
  id?: string | null;
  type?: 'function';
  function?: { name?: string | null; arguments?: string | null } | null;
}

export interface Delta extends JsonObject {
  role?: string;
  content?: string | null;
  refusal?: string | null;
  reasoning_content?: string | null;
  /** Whole blocks of Anthropic's, each once. */
  thinking_blocks?: ThinkingBlock[] | null;
  reasoning_details?: JsonObject[] | null;
  tool_calls?: ToolCallDelta[] | null;
}

export interface ChunkChoice extends JsonObject {
  index: number;
  delta: Delta;
  finish_reason: FinishReason | null;
}

/**
 * A `chat.completion.chunk`. A chunk of a provider of the OpenAI format is equal to the sent one, unknown fields
 * included, except for the corrections of `providers/quirks`.
 */
export interface Chunk extends JsonObject {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: ChunkChoice[];
  usage?: Usage | null;
}

export interface AnswerChoice {
  index: number;
  message: AssistantMessage;
  /** Null where the stream was cut. */
  finish_reason: FinishReason | null;
}

/** The chunks of a turn joined into what the model said. */
export interface Answer {
  id: string;
  created: number;
  model: string;
  /** Of the first choice. */
  message: AssistantMessage;
  finish_reason: FinishReason | null;
  /** One for each of `n`. */
  choices: AnswerChoice[];
  /** Null where the provider did not say. */
  usage: Usage | null;
}

/** A `chat.completion`: what a turn came to, in one piece. */
export interface Completion extends JsonObject {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  choices: JsonObject[];
  usage?: Usage | null;
}

/** Joins chunks while they arrive: the answer so far can be read at any time, also after a failure. */
export interface Accumulator {
  add(chunk: Chunk): void;
  answer(): Answer;
}

export interface TurnOptions {
  /** Win over the model's defaults. */
  parameters?: Parameters;
  /** False asks the provider for the whole answer at once; it comes as one chunk. Default true. */
  stream?: boolean;
  /** Told before each wait for another attempt. */
  retrying?: (attempt: { number: number; waitMs: number; error: Error }) => void;
}

/**
 * One turn: asks a model to continue these messages. Throws ProviderError while it is iterated. Ending the iteration or
 * aborting the signal ends the request.
 */
export type RunTurn = (
  model: Model,
  messages: readonly Message[],
  tools: readonly Tool[],
  signal: AbortSignal,
  options?: TurnOptions,
) => AsyncIterable<Chunk>;

export interface ListedModel {
  /** The provider's name for the model. */
  id: string;
  /** For people; the id where the provider has no other. */
  title: string;
  ownedBy: string | null;
  /** Epoch seconds. */
  created: number | null;
}

/** Speaks to models; `close` ends what is open. */
export interface Providers {
  runTurn: RunTurn;
  /** The models that a provider lists. Rejects with ProviderError. */
  listModels(model: Model, signal: AbortSignal): Promise<ListedModel[]>;
  close(): Promise<void>;
}

/** The time, and waiting; tests give a clock that they move. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once after so many milliseconds; gives what calls it off. */
  after(ms: number, run: () => void): () => void;
}
