import type { Expr, MessageExpr } from '../ast.ts';
import type { CoreMessage } from '../plan/core.ts';
import { PROMPT } from '../types/type.ts';
import type { Context, Typed } from './context.ts';
import { infer, unlabelled } from './expression.ts';

/** A message by itself is a prompt of one message. */
export function inferMessage(expr: MessageExpr, cx: Context): Typed {
	return { type: PROMPT, core: { op: 'prompt', messages: [lowerMessage(expr, cx)], subjects: [] } };
}

export function lowerMessage(message: MessageExpr, cx: Context): CoreMessage {
	return { role: message.role, text: unlabelled(infer(message.text, cx)) };
}

/** `P(x) + user "…"`: the messages on the right join the prompt on the left. */
export function inferExtension(left: Typed, right: Expr, cx: Context): Typed {
	const messages = messagesOf(right).map((message) => lowerMessage(message, cx));
	return { type: PROMPT, core: { op: 'extend', prompt: unlabelled(left), messages } };
}

function messagesOf(expr: Expr): MessageExpr[] {
	if (expr.kind === 'message') return [expr];
	if (expr.kind === 'group') return messagesOf(expr.inner);
	return [];
}
