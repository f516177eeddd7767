/** The sentences about problems of a graph, and about possible mistakes. */
export const problemSentences = {
  graphCaseNowhere: "Node '{{node}}' needs cases that each say where the run goes on.",
  graphDepth: 'Graphs can be nested at most {{count}} deep.',
  graphEachRetries:
    "Node '{{node}}' goes through a list and cannot be tried again as a whole: set the retries of its body, or of the nodes of its graph.",
  graphEmpty: 'A graph needs at least one node.',
  graphInCircle: "Node '{{node}}' is part of a loop without hand-offs: its place in the order is a guess.",
  graphInItself: "Graph '{{name}}' stands within itself.",
  graphNoBody: "Node '{{node}}' needs something to do for each item: a body, or a graph.",
  graphNoContext: "Node '{{node}}' has '{{other}}' as context, and there is no such node.",
  graphNoEnd: "No node has 'end' as an output.",
  graphNoGraph: "Node '{{node}}' needs a graph.",
  graphNoInput: "Node '{{node}}' has '{{other}}' as an input, and there is no such node.",
  graphNoModel: "Node '{{node}}' needs a model.",
  graphNoNext: "Node '{{node}}' has hand-offs but leads to no other node.",
  graphNoOutput: "Node '{{node}}' has '{{other}}' as an output, and there is no such node.",
  graphNoStart: "No node has 'start' as an input.",
  graphNoTested: "Node '{{node}}' asks about the output of '{{other}}', and there is no such node.",
  graphNoTool: "Node '{{node}}' needs a server and the name of one of its tools.",
  graphNodeReserved: "No node may be called '{{node}}'.",
  graphNodeTwice: "Two nodes are called '{{node}}'.",
  graphNotGlobal:
    "Node '{{node}}' reads the output of '{{other}}' as context, and '{{other}}' does not keep its output (global_output).",
  graphOnErrorSelf: "Node '{{node}}' cannot go on with itself where it fails: set how often it is tried again.",
  graphPlaceholder: "Node '{{node}}' has the placeholder {{placeholder}}, which names no node: it will be empty.",
  graphSchemaLong: "The JSON Schema of node '{{node}}' is longer than {{count}} characters.",
  graphServerAway: "The server '{{server}}' of node '{{node}}' is not connected.",
  graphTemplateLong: 'A template becomes longer than {{count}} characters.',
  graphTemplatePlaceholder:
    'The end template has the placeholder {{placeholder}}, which names no node: it will be empty.',
  graphTooLarge: 'With its sub-graphs the graph is too large: it has too many nodes, links or long prompts.',
  graphTooManyNodes: 'With its sub-graphs the graph has more than {{count}} nodes.',
  graphUnknownGraph: "Node '{{node}}' stands for the graph '{{name}}', which does not exist.",
  graphUnknownModel: "Node '{{node}}' has the model '{{model}}', which does not exist.",
  graphUnknownServer: "Node '{{node}}' has the server '{{server}}', which does not exist.",
} as const;

export type ProblemCode = keyof typeof problemSentences;

/** One thing about a graph by its code, and the node that it is about. */
export interface GraphProblem {
  code: ProblemCode;
  params: Readonly<Record<string, string | number>>;
  node?: string;
}
