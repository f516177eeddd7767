/** A text that is sent to a model; its variables are in single braces, and other braces are text. */
export interface PromptDefault {
  name: 'response_simulation' | 'action_generation';
  displayName: string;
  description: string;
  body: string;
  variables: readonly { name: string; description: string }[];
}

const responseBody = `你正在模拟产品“{app_display_name}”（分类：{app_category}，标识：{app_name}）的接口，请给出一次调用的响应。

产品说明：
{app_description}

特殊要求：
{ai_notes}

被调用的动作：{action}
动作定义：
{action_definition}

产品的当前状态（为空对象时可忽略）：
{state}

调用参数：
{parameters}

请遵守：
1. 只输出一个 JSON 对象，不要输出解释、注释或代码块标记。
2. 字段名使用小写下划线形式，内容贴近真实产品，并与调用参数和当前状态一致。
3. 包含表示是否成功的 success 字段；动作定义中给出响应结构时，严格按该结构输出。
4. 时间使用 ISO 8601 格式；标识、编号、数值应当合理且互不矛盾。
5. 参数在业务上无效时，返回该产品会给出的失败响应。`;

const generationBody = `请为一个模拟产品设计动作（API）列表。

产品分类：{category}
产品标识：{name}
产品名称：{display_name}
产品说明：{description}

用户的要求：
{prompt}

请只输出一个 JSON 数组，每个元素的形式如下：
[
  {
    "name": "动作标识，小写字母、数字和下划线",
    "display_name": "动作名称",
    "description": "动作的作用和返回内容",
    "parameters": [
      {
        "key": "参数标识",
        "type": "String、Integer、Number、Boolean、Array 或 Object",
        "required": true,
        "description": "参数说明",
        "default": null,
        "options": []
      }
    ]
  }
]

请遵守：
1. 动作覆盖用户的要求，名称互不重复，通常 3 到 10 个。
2. 有固定取值的参数在 options 中列出全部取值，没有时为空数组；没有默认值时 default 为 null。
3. 不要输出数组以外的任何内容。`;

/** The texts that there are until somebody writes others. */
export const promptDefaults: Readonly<Record<PromptDefault['name'], PromptDefault>> = {
  response_simulation: {
    name: 'response_simulation',
    displayName: '响应模拟',
    description: '由模型生成一次动作调用的响应',
    body: responseBody,
    variables: [
      { name: 'app_category', description: '产品分类' },
      { name: 'app_name', description: '产品标识' },
      { name: 'app_display_name', description: '产品名称' },
      { name: 'app_description', description: '产品说明' },
      { name: 'ai_notes', description: '对模型的特殊要求' },
      { name: 'action', description: '被调用的动作' },
      { name: 'parameters', description: '调用参数（JSON）' },
      { name: 'action_definition', description: '动作定义（JSON）' },
      { name: 'state', description: '产品的当前状态（JSON）' },
    ],
  },
  action_generation: {
    name: 'action_generation',
    displayName: '动作生成',
    description: '由模型根据说明生成产品的动作列表',
    body: generationBody,
    variables: [
      { name: 'prompt', description: '用户的要求' },
      { name: 'category', description: '产品分类' },
      { name: 'name', description: '产品标识' },
      { name: 'display_name', description: '产品名称' },
      { name: 'description', description: '产品说明' },
    ],
  },
};

/** A text with the values of its variables, each read once: braces in values and other braces stay as they are. */
export function filledPrompt(body: string, values: Readonly<Record<string, string>>): string {
  return body.replace(/\{([a-z_]{1,40})\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** JSON as data for a model: no text in it can look like the end of the element around it. */
export function asData(name: string, value: unknown): string {
  const json = (JSON.stringify(value, null, 2) ?? 'null').replaceAll('<', '\\u003c');
  return `<${name}>\n${json}\n</${name}>`;
}
