/** What the hub did about definitions of a server that are not as the protocol asks. */
export const notes = {
  notes: {
    about: {
      prompt: 'Prompt {{name}}',
      resource: 'Resource {{name}}',
      server: 'The server',
      template: 'Template {{name}}',
      tool: 'Tool {{name}}',
    },
    effect: { changed: 'Mended', 'left-out': 'Left out', withheld: 'Only at its own endpoint' },
    hint: 'Clients refuse a whole list for one definition that is wrong. The hub mends what it safely can; the rest is for the server’s author.',
    reason: {
      'catalog-full': 'The definitions of this server are too large in all.',
      field: '{{detail}} is not what the protocol asks for, and was taken out.',
      'input-missing': 'It has no input schema, so it takes any object.',
      'input-type': 'Its input schema does not say "type": "object", and was made to.',
      'input-unusable':
        'Its input schema describes no object. Strict clients would refuse the tools of all servers with it.',
      'instructions-cut': 'The instructions are too long and were cut.',
      'listed-twice': 'It is listed twice; the first counts.',
      'long-name': 'Its name or URI is too long.',
      more: 'There are {{detail}} more notes.',
      'named-by-uri': 'It has no name, and is called by its title or URI.',
      'no-list': 'The answer to {{detail}} has no list.',
      'no-name': 'It has no name or URI that is a text.',
      'not-an-object': 'It is not a JSON object.',
      'other-transport':
        'It answers as a server of kind {{detail}}, though it was registered as another. It is reached that way.',
      'output-invalid': 'Its output schema is not valid ({{detail}}), and was taken out.',
      'too-deep': 'Its definition is nested too deep.',
      'too-large': 'Its definition is too large.',
      'too-many': 'There are more than {{detail}} in the list.',
      'too-many-pages': 'The list has no end after {{detail}} pages.',
      undeclared: 'It does not declare {{detail}}, and has some: they are listed.',
    },
    title_one: '{{count}} thing about this server is not in order',
    title_other: '{{count}} things about this server are not in order',
    unnamed: '(without a name)',
  },
};
