import { explainList, explainText, nearestCode } from '../../dsl/diagnostics/explain.ts';
import { type Action, EXIT, UsageError } from './command.ts';

export const explain: Action = async ({ operands, terminal }) => {
	const [code] = operands;
	const text = code === undefined ? explainList() : explainText(code);
	if (text === null) {
		const near = nearestCode(code as string);
		throw new UsageError(
			`there is no diagnostic ${code}`,
			near ? `did you mean ${near}?` : '`assay explain` lists them all',
		);
	}
	terminal.out.write(`${text}\n`);
	return EXIT.done;
};
