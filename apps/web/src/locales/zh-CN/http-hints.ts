export const httpHints = {
  httpHint: {
    forbidden: '请检查请求头中的凭据：服务器不允许用它们这样做，或需要其他凭据。',
    itsFault: '问题出在那台服务器上：请查看它自己的日志。',
    tooMany: '它暂时不再接受请求：请稍候，或请其运营者提高限额。',
  },
};
