import { z } from 'zod';
import { exportApps, generateActions, importApps, toYaml } from '@switchboard/core/apps';
import { documentedAs } from '../kit/documented.ts';
import { fileAnswer, isFileAnswer, type FileAnswer } from '../kit/file.ts';
import { route } from './dialect.ts';
import { apps as examples, transfer } from './examples.ts';
import { toAction, toApplication } from './map.ts';
import { Action, Application, GenerateBody, ImportBody, Imported } from './wire.ts';

const Exported = z.object({
  version: z.string(),
  export_time: z.string(),
  count: z.int().meta({ description: 'How many apps there are' }),
  applications: z.array(Application),
});
type Exported = z.output<typeof Exported>;
/** The export, or a file with the same in YAML. */
const ExportAnswer = z
  .custom<Exported | FileAnswer>((value) => isFileAnswer(value) || Exported.safeParse(value).success)
  .meta(documentedAs(Exported));

function yamlFile(exported: Exported): FileAnswer {
  const bytes = Buffer.from(toYaml(exported));
  async function* chunks() {
    yield bytes;
  }
  return fileAnswer({
    contentType: 'application/yaml',
    fileName: 'apps.yaml',
    bytes: bytes.byteLength,
    chunks: chunks(),
  });
}

export const exported = route({
  method: 'GET',
  path: '/admin/api/apps/export',
  summary: 'Export apps',
  description:
    'Those that the caller sees, or those that `ids` names: without owner and visibility, as an import takes them. ' +
    '`format=yaml` gives the same as a file in YAML; an import takes up to 512 KiB of that, and more in JSON.',
  beyond: true,
  file: ['application/yaml'],
  verbs: [exportApps],
  errors: [400, 401, 403, 404],
  example: {
    response: { version: '1', export_time: '2024-10-17T10:00:00Z', count: 1, applications: [transfer.application] },
  },
})
  .input(
    z.object({
      ids: z.string().max(20_000).optional().meta({ description: 'Numbers of apps, with commas' }),
      format: z.enum(['json', 'yaml']).default('json').meta({ description: '`yaml`: as a file' }),
    }),
  )
  .output(ExportAnswer)
  .query(async ({ ctx, input: { ids, format } }) => {
    const named = ids?.split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()]));
    const { version, exportedAt, apps } = await exportApps(ctx.core, named === undefined ? {} : { ids: named });
    const applications = apps.map(toApplication);
    const answer = { version: String(version), export_time: exportedAt, count: applications.length, applications };
    return format === 'yaml' ? yamlFile(answer) : answer;
  });

export const imported = route({
  method: 'POST',
  path: '/admin/api/apps/import',
  summary: 'Import apps',
  description:
    'Creates apps, and changes those that there are by category and name. Each is told by itself: one that is wrong costs no other. ' +
    'Takes `applications` as an export has them, or `content`, which is such a file in JSON or YAML.',
  beyond: true,
  verbs: [importApps],
  errors: [400, 401, 403],
  fields: { apps: 'applications', text: 'content' },
  example: { body: { applications: [transfer.application] }, response: transfer.imported },
})
  .input(ImportBody)
  .output(Imported)
  .mutation(async ({ ctx, input: { applications, content } }) => {
    const given = {
      ...(applications !== undefined && { apps: applications }),
      ...(content !== undefined && { text: content }),
    };
    return { success: true, ...(await importApps(ctx.core, given)) };
  });

export const generate = route({
  method: 'POST',
  path: '/admin/api/generate-actions',
  summary: 'Make actions of a sentence',
  description:
    'Asks the model `simulator`, or the one that is named. Nothing is stored: an app gets the actions with its own routes.',
  beyond: true,
  verbs: [generateActions],
  alsoNeeds: { 'model.use': 'always, of the model' },
  errors: [400, 401, 403, 404, 429, 500, 503],
  example: { body: transfer.wanted, response: { success: true, actions: examples.app.actions, problems: [] } },
})
  .input(GenerateBody)
  .output(
    z.object({
      success: z.boolean(),
      actions: z.array(Action),
      problems: z.array(z.object({ where: z.string(), message: z.string() })),
    }),
  )
  .mutation(async ({ ctx, input: { display_name: displayName, ...about } }) => {
    const given = { ...about, displayName: displayName ?? about.name };
    const { actions, problems } = await generateActions(ctx.core, given);
    return { success: true, actions: actions.map(toAction), problems };
  });
