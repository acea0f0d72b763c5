import { type Action, EXIT, flag, UsageError } from './command.ts';
import { compileFile, printDiagnostics } from './study.ts';

export const check: Action = async (invocation) => {
	const { operands, terminal } = invocation;
	if (operands.length === 0) throw new UsageError('name a study to check', 'assay check study.assay');
	let failed = false;
	const found: Record<string, unknown> = {};
	for (const path of operands) {
		const compiled = await compileFile(path, invocation, 'check');
		if (flag(invocation, 'json')) found[path] = compiled.diagnostics;
		else if (printDiagnostics(compiled, path, terminal)) failed = true;
		else if (compiled.diagnostics.length === 0) terminal.out.write(`${path}: no problems\n`);
		failed ||= compiled.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
	}
	if (flag(invocation, 'json')) terminal.out.write(`${JSON.stringify(found, null, 2)}\n`);
	return failed ? EXIT.problems : EXIT.done;
};
