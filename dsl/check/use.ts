import type { UseDeclaration } from '../ast.ts';
import { nearest } from '../nearest.ts';
import type { UsedSignature } from '../needs.ts';
import { ERROR, type Type } from '../types/type.ts';
import type { ProgramChecker } from './program.ts';
import type { Binding } from './scope.ts';

/** Bindings of TypeScript functions; their signatures come from whoever can read the module. */
export function checkUse(declaration: UseDeclaration, checker: ProgramChecker): Binding[] {
	const { session } = checker;
	const path = declaration.from?.path ?? null;
	const answer = session.ask({ kind: 'signature', path, names: declaration.names.map((name) => name.text) });
	if (answer?.kind === 'failure') {
		session.report(
			'A0114',
			{ message: answer.message, help: answer.help },
			declaration.from?.span ?? declaration.span,
		);
	}
	const module = answer?.kind === 'signature' ? answer.module : null;
	const label = path ?? 'the notebook';
	if (module) checker.modules.set(label, { path: module.path, sha256: module.sha256 });
	return declaration.names.map((name): Binding => {
		const signature = module?.functions[name.text];
		if (module && !signature) {
			const near = nearest(name.text, Object.keys(module.functions));
			session.report('A0112', { name: name.text, path: label, near }, name.span);
		}
		return {
			name: name.text,
			kind: 'declaration',
			type: signature ? functionType(signature, checker) : ERROR,
			core: { op: 'used', module: label, fn: name.text, args: [] },
			span: name.span,
			doc: signature?.doc ?? null,
			use: (node) => {
				node.modules.add(label);
				if (module) node.versions.set(`${name.text} from ${label}`, module.sha256);
			},
		};
	});
}

function functionType(signature: UsedSignature, checker: ProgramChecker): Type {
	const { library } = checker.session;
	return {
		k: 'function',
		params: signature.params.map((param) => ({
			name: param.name,
			type: library.parseType(param.type),
			optional: param.optional,
		})),
		result: library.parseType(signature.result),
	};
}
