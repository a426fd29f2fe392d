import callNode from "./call.ts";
import conditionNode from "./condition.ts";
import emailNode from "./email.ts";
import emitNode from "./emit.ts";
import exitNode from "./exit.ts";
import fieldNode from "./field.ts";
import goalNode from "./goal.ts";
import letterNode from "./letter.ts";
import type { NodeType } from "./node.ts";
import notifyNode from "./notify.ts";
import scoreNode from "./score.ts";
import smsNode from "./sms.ts";
import splitNode from "./split.ts";
import stageNode from "./stage.ts";
import startFlowNode from "./start-flow.ts";
import surveyNode from "./survey.ts";
import switchNode from "./switch.ts";
import tagNode from "./tag.ts";
import taskNode from "./task.ts";
import triggerCreated from "./trigger.created.ts";
import triggerDate from "./trigger.date.ts";
import triggerEvent from "./trigger.event.ts";
import triggerField from "./trigger.field.ts";
import triggerIdle from "./trigger.idle.ts";
import triggerManual from "./trigger.manual.ts";
import triggerMessage from "./trigger.message.ts";
import triggerSchedule from "./trigger.schedule.ts";
import triggerSegment from "./trigger.segment.ts";
import triggerTag from "./trigger.tag.ts";
import triggerWebhook from "./trigger.webhook.ts";
import waitNode from "./wait.ts";
import waitForNode from "./wait-for.ts";
import webhookNode from "./webhook.ts";
import whatsappNode from "./whatsapp.ts";

export * from "./node.ts";
export * from "./rule.ts";

/** Every node type there is, in the palette's order: the visible registry. A new one is its file and one line here. */
export const NODE_TYPES: readonly NodeType[] = [
  triggerManual,
  triggerCreated,
  triggerEvent,
  triggerTag,
  triggerSegment,
  triggerSchedule,
  triggerDate,
  triggerMessage,
  triggerWebhook,
  triggerIdle,
  triggerField,
  waitNode,
  waitForNode,
  emailNode,
  smsNode,
  whatsappNode,
  letterNode,
  surveyNode,
  conditionNode,
  switchNode,
  splitNode,
  startFlowNode,
  emitNode,
  goalNode,
  exitNode,
  tagNode,
  fieldNode,
  scoreNode,
  stageNode,
  callNode,
  taskNode,
  notifyNode,
  webhookNode,
];

const byType = new Map(NODE_TYPES.map((n) => [n.type, n]));

/** The declaration of a node type; undefined for an unknown one. */
export const nodeType = (type: string): NodeType | undefined => byType.get(type);
