import type { CellCompletion, CommMessage } from '../contracts.ts';
import type { Incoming } from '../wire/message.ts';
import { fault } from './cell-errors.ts';
import { type Content, numberOf, textOf } from './content.ts';
import { codePoints, utf16Offset } from './cursor.ts';
import { historyReply } from './history-request.ts';
import { kernelInfo } from './kernel-info.ts';
import type { Session } from './session.ts';

type Answer = (
	content: Content,
	session: Session,
	request: Incoming,
) => Promise<object | null> | object | null;

/** The content of the reply to any request but a cell; null where there is none. Never rejects. */
export async function answerQuestion(request: Incoming, session: Session): Promise<object | null> {
	try {
		return (await ANSWERS[request.header.msg_type]?.(request.content, session, request)) ?? null;
	} catch (thrown) {
		return fault(thrown);
	}
}

const complete: Answer = async (content, { engine }) => {
	const code = textOf(content, 'code');
	const offset = utf16Offset(code, numberOf(content, 'cursor_pos', code.length));
	const found = await (await engine).complete(code, offset);
	const start = codePoints(code, found.start);
	const end = codePoints(code, found.end);
	const typed = ({ text, type, signature }: CellCompletion) => ({
		start,
		end,
		text,
		type,
		signature: signature ?? '',
	});
	return {
		status: 'ok',
		matches: found.items.map(({ text }) => text),
		cursor_start: start,
		cursor_end: end,
		metadata: { _jupyter_types_experimental: found.items.map(typed) },
	};
};

const inspect: Answer = async (content, { engine }) => {
	const code = textOf(content, 'code');
	const offset = utf16Offset(code, numberOf(content, 'cursor_pos', code.length));
	const detail = numberOf(content, 'detail_level') === 1 ? 1 : 0;
	const found = await (await engine).inspect(code, offset, detail);
	return found
		? { status: 'ok', found: true, data: found.data, metadata: found.metadata }
		: { status: 'ok', found: false, data: {}, metadata: {} };
};

/** What comes from a widget runs a cell's code: what it throws is told where the cell shows its output. */
const comm: Answer = async (content, session, { header, metadata, buffers }) => {
	const message: CommMessage = { metadata, buffers };
	try {
		session.comms.receive(header.msg_type, content, message);
	} catch (thrown) {
		const { traceback } = (await session.engine).describe(thrown);
		session.output().stream('stderr', `${traceback.join('\n')}\n`);
	}
	return null;
};

const ANSWERS: Readonly<Record<string, Answer>> = {
	kernel_info_request: () => kernelInfo(),
	complete_request: complete,
	inspect_request: inspect,
	is_complete_request: async (content, { engine }) => (await engine).isComplete(textOf(content, 'code')),
	history_request: async (content, { history }) => historyReply(await history.ready(), content),
	comm_info_request: (content, { comms }) => comms.info(textOf(content, 'target_name') || null),
	comm_open: comm,
	comm_msg: comm,
	comm_close: comm,
};
