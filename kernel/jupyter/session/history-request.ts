import { type Content, flagOf, numberOf, textOf } from './content.ts';
import type { History, HistoryEntry } from './history.ts';

/** The content of `history_reply`. */
export function historyReply(history: History, content: Content): object {
	const withOutput = flagOf(content, 'output', false);
	return {
		status: 'ok',
		history: entries(history, content).map(({ session, line, input, output }) => [
			session,
			line,
			withOutput ? [input, output] : input,
		]),
	};
}

function entries(history: History, content: Content): readonly HistoryEntry[] {
	const count = numberOf(content, 'n', -1);
	switch (textOf(content, 'hist_access_type', 'tail')) {
		case 'range': {
			const stop = numberOf(content, 'stop', -1);
			return history.range(numberOf(content, 'session'), numberOf(content, 'start'), stop < 0 ? null : stop);
		}
		case 'search':
			return history.search(
				textOf(content, 'pattern', '*'),
				count < 0 ? null : count,
				flagOf(content, 'unique', false),
			);
		default:
			return history.tail(count < 0 ? 1000 : count);
	}
}
