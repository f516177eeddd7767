export interface ProcessLaunch {
  kind: 'stdio';
  command: string;
  args: readonly string[];
  /** The server's own entries, already expanded; the launcher adds PATH, HOME, LANG, TMPDIR and what is handed on. */
  env: Readonly<Record<string, string>>;
  cwd: string | null;
  /** Further values that the program gets and no log may show: credentials in what is handed on of the hub's environment. */
  hidden?: readonly string[];
  /** Uid of the account that is this server's alone; null or absent = the account that all others share. */
  ownUid?: number | null;
  /** Bytes of one file that it may write, where that is less than what all programs may; 0 = it writes no file at all. */
  fileBytes?: number;
}

export interface RemoteLaunch {
  kind: 'sse' | 'streamable-http';
  url: string;
  /** Already expanded; never the caller's credentials. */
  headers: Readonly<Record<string, string>>;
  /** Whether loopback and private addresses may be reached (link-local and metadata never). */
  allowPrivate: boolean;
  /** Whose sign-in the requests carry; absent = the one that everybody uses. */
  signedInAs?: string;
  /**
   * Variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY of the server's own, which win over the hub's; `none` = never
   * through a proxy. Absent: as the hub.
   */
  proxies?: Readonly<Record<string, string>> | 'none';
}

/** How a server in a container is reached. */
export type ContainerTransport =
  /** Over its input and output, like a program. */
  | { kind: 'stdio' }
  /** Over a port of it: published on loopback, or on a private network that leads nowhere. */
  | { kind: 'http'; port: number; path: string; sse?: boolean; headers?: Readonly<Record<string, string>> };

/** The network of a container. */
export type ContainerNetworkAccess =
  | { kind: 'none' }
  /** Only these hosts (`api.example.com`, `*.example.com`, with `:port` where it is not 443 or 80), through a proxy. */
  | { kind: 'allow'; hosts: readonly string[] }
  | { kind: 'open' }
  /** A network of the engine by its name. */
  | { kind: 'named'; name: string };

/** An MCP server that lives in a container. The runtime hands it to the launcher it was given for this kind. */
export interface ContainerLaunch {
  kind: 'container';
  /** Name of the engine; null = the usual one. */
  engine?: string | null;
  /** The person whose rights apply to the host resources it reaches. */
  authority?: { owner: string | null; unconfined: boolean };
  image: string;
  /** Words after the image's entrypoint; empty = the image's own command. */
  command: readonly string[];
  entrypoint?: readonly string[];
  /** Already expanded. */
  env: Readonly<Record<string, string>>;
  /** Become files `/run/secrets/<name>`; `<name>_FILE` has the path. */
  secrets?: Readonly<Record<string, string>>;
  /** Become files below `/tool` that it may read only, by their relative paths. */
  files?: Readonly<Record<string, string>>;
  transport: ContainerTransport;
  network: ContainerNetworkAccess;
  /** Host path or volume name to container path (`/data`, `/data:ro`, or a list of them). */
  volumes?: Readonly<Record<string, string | readonly string[]>>;
  limits?: { cpus?: number; memoryBytes?: number; pids?: number };
  /** `image` = whatever the image says; default: its user where that is not root, else nobody. */
  user?: string;
  workingDir?: string;
  /** False leaves the container's root writable. */
  readOnly?: boolean;
  pull?: 'missing' | 'always' | 'never';
  /** A service of the swarm instead of one container; for servers that answer HTTP. */
  swarm?: { replicas: number; constraints?: readonly string[] };
}

/** A server that the hub itself answers for: a simulated product. The runtime hands it to what it was given for this kind. */
export interface AppLaunch {
  kind: 'app';
  /** Id of the app. */
  app: string;
}

/** A server that a model wrote. The runtime hands it to what it was given for this kind, which knows its files. */
export interface GeneratedLaunch {
  kind: 'generated';
  /** Hash of what may run; null = nothing. */
  reviewed: string | null;
  /** Uid of the account that is this server's alone, where it runs on this machine; null = the shared one. */
  ownUid: number | null;
}

/** A graph of agents as a server of one tool. The runtime hands it to what it was given for this kind. */
export interface GraphLaunch {
  kind: 'graph';
  /** Id of the graph. */
  graph: string;
}

export type Launch = ProcessLaunch | RemoteLaunch | ContainerLaunch | AppLaunch | GeneratedLaunch | GraphLaunch;
