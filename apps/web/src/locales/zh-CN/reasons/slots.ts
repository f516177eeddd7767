/** What is said of credentials of one's own. */
export const slots = {
  noPersonForSlots: '个人凭据属于个人：请先登录。',
  noSlot: '服务器“{{id}}”没有名为“{{name}}”的凭据项。',
  slotControl: '不能含有制表符和换行符以外的控制字符',
  slotDots: '不能是“.”或“..”：它用在服务器的地址中',
  slotHeader: '必须是单行，且只含标头允许的字符：它用在标头中',
  slotsFirst: '此服务器有个人凭据项，只能使用某个人的凭据启动：请先保存，填写您的凭据，然后再测试。',
} as const;
