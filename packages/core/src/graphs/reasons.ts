import { problemSentences } from '@switchboard/agents/graphs';

/** What is said of graphs of agents. */
export const graphSentences = {
  ...problemSentences,
  graphBusy: 'The run goes on; follow it or stop it, or wait until it ends.',
  graphExists: "A graph '{{name}}' exists already; choose another name.",
  graphInvalid: 'The graph cannot be saved: {{problem}}',
  graphModelGone: "The model of node '{{node}}' is not there any more, or may not be used: {{model}}.",
  graphNameReserved: "'{{name}}' is a reserved word; choose another name.",
  graphNameRule: "A name of a graph is one line without '/', '\\' and '.', of at most 100 characters.",
  graphNodeFailed: "Node '{{node}}' failed: {{problem}}",
  graphNotRunnable: 'The graph cannot be run: {{problem}}',
  graphNotYours: 'Only its owner and admins may change a graph.',
  graphsFull: 'You have {{count}} graphs, as many as a person may: remove one before you add another.',
  graphTooLong: 'its prompt becomes longer than {{count}} characters',
  graphNotOpen: 'The server runs a graph that is not open to you: its owner opens it to people and groups.',
  graphShown: "The graph is the server '{{server}}' already.",
  graphTooDeep:
    'The graph is called by a graph that is called by others, {{count}} in all: no more may call each other.',
  graphAnswered: "Node '{{node}}' does not wait for an answer.",
  graphAnswerByPerson: 'Only people answer a graph, signed in as themselves: no API key does.',
  graphAnswerTarget: 'must be one of the nodes that were offered: {{targets}}',
  graphDeclined: "At node '{{node}}' a person declined: {{why}}",
  graphVisits: 'The run visited {{count}} nodes, as many as it may: hand-offs may go round in it.',
  graphWaits: 'The run waits for a person: answer its question, or stop it.',
  graphWithinItself: "The graph '{{name}}' was called by a run of its own, which would not end.",
  noGraph: "Graph '{{name}}' does not exist.",
  noGraphRun: "Run '{{id}}' does not exist.",
  notARun: 'This conversation is no run of a graph.',
  runOfOther: "The run '{{id}}' is one of the graph '{{name}}'.",
} as const;
