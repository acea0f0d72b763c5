import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type TypeScript from 'typescript-classic';
import type { UsedModule, UsedSignature } from '../../dsl/needs.ts';
import { UserError } from '../../stdlib/define.ts';

export interface ReadModuleOptions {
	/** The `tsconfig.json` that the module is checked under; strict and without ambient types when absent. */
	readonly configFile?: string;
}

/**
 * The functions that a TypeScript module exports, their types written in Assay's syntax. Loads the compiler on first
 * use. Under a configuration of its own the module counts as checked already.
 */
export async function readModule(path: string, { configFile }: ReadModuleOptions = {}): Promise<UsedModule> {
	if (!existsSync(path))
		throw new UserError(
			`there is no file ${relative(process.cwd(), path)}`,
			'check the path: it is relative to the study',
		);
	const ts = (await import('typescript-classic')).default;
	const program = ts.createProgram(
		[path],
		configFile
			? optionsOf(configFile, ts)
			: {
					strict: true,
					noEmit: true,
					skipLibCheck: true,
					allowImportingTsExtensions: true,
					target: ts.ScriptTarget.ES2022,
					module: ts.ModuleKind.NodeNext,
					moduleResolution: ts.ModuleResolutionKind.NodeNext,
					types: [],
				},
	);
	if (!configFile) reportErrors(program, path, ts);
	const checker = program.getTypeChecker();
	const source = program.getSourceFile(path);
	const symbol = source && checker.getSymbolAtLocation(source);
	const functions: Record<string, UsedSignature> = {};
	for (const exported of symbol ? checker.getExportsOfModule(symbol) : []) {
		// `export { f }` exports another name of what was declared.
		const declared = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
		const signature = signatureOf(declared, checker, ts);
		if (signature) functions[exported.name] = signature;
	}
	return { path, sha256: hashOf(program, path), functions };
}

function optionsOf(configFile: string, ts: typeof TypeScript): TypeScript.CompilerOptions {
	const { config } = ts.readConfigFile(configFile, ts.sys.readFile) as { config: object };
	return ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile)).options;
}

function reportErrors(program: TypeScript.Program, path: string, ts: typeof TypeScript): void {
	const source = program.getSourceFile(path);
	const [first] = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
	if (!first) return;
	const where =
		first.file && first.start !== undefined
			? `:${first.file.getLineAndCharacterOfPosition(first.start).line + 1}`
			: '';
	const message = ts.flattenDiagnosticMessageText(first.messageText, ' ');
	throw new UserError(
		`${relative(process.cwd(), path)}${where} does not type-check: ${message}`,
		'mend the TypeScript error first',
	);
}

/** The module's own text and that of every local file it imports: what its functions' version is. */
function hashOf(program: TypeScript.Program, path: string): string {
	const hash = createHash('sha256');
	const local = program
		.getSourceFiles()
		.filter((file) => !file.fileName.includes('/node_modules/') && !file.isDeclarationFile);
	const names = local.map((file) => resolve(file.fileName)).sort();
	for (const name of names)
		hash
			.update(relative(dirname(path), name))
			.update('\0')
			.update(readFileSync(name))
			.update('\0');
	return hash.digest('hex');
}

function signatureOf(
	symbol: TypeScript.Symbol,
	checker: TypeScript.TypeChecker,
	ts: typeof TypeScript,
): UsedSignature | null {
	const declaration = symbol.valueDeclaration;
	if (!declaration) return null;
	const [signature] = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures();
	if (!signature) return null;
	const spell = new Speller(checker, ts);
	const params = signature.getParameters().map((param) => {
		const node = param.valueDeclaration as TypeScript.ParameterDeclaration;
		const optional = Boolean(node.questionToken ?? node.initializer);
		return { name: param.name, type: spell.type(checker.getTypeOfSymbolAtLocation(param, node)), optional };
	});
	const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker));
	return { params, result: spell.type(signature.getReturnType()), doc: doc === '' ? null : doc };
}

/** TypeScript types in Assay's syntax; what has no counterpart is `Any`. */
class Speller {
	private readonly checker: TypeScript.TypeChecker;
	private readonly ts: typeof TypeScript;

	constructor(checker: TypeScript.TypeChecker, ts: typeof TypeScript) {
		this.checker = checker;
		this.ts = ts;
	}

	type(type: TypeScript.Type, depth = 0): string {
		const { TypeFlags } = this.ts;
		if (depth > 6) return 'Any';
		if (type.flags & TypeFlags.StringLike) return 'Text';
		if (type.flags & TypeFlags.NumberLike) return 'Number';
		if (type.flags & TypeFlags.BooleanLike) return 'Bool';
		if (type.flags & (TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Void)) return 'None';
		if (type.isUnion()) return this.union(type, depth);
		const name = type.symbol?.name;
		const [argument] = this.checker.getTypeArguments(type as TypeScript.TypeReference);
		if (name === 'Promise' && argument) return this.type(argument, depth + 1);
		if ((name === 'Array' || name === 'ReadonlyArray') && argument)
			return `List<${this.type(argument, depth + 1)}>`;
		if (name === 'Choice') return 'Choice';
		if (type.flags & TypeFlags.Object && type.getCallSignatures().length === 0)
			return this.record(type, depth);
		return 'Any';
	}

	private union(type: TypeScript.UnionType, depth: number): string {
		const { TypeFlags } = this.ts;
		const present = type.types.filter((member) => !(member.flags & (TypeFlags.Null | TypeFlags.Undefined)));
		const spelt = [...new Set(present.map((member) => this.type(member, depth + 1)))];
		if (spelt.length !== 1) return 'Any';
		return present.length < type.types.length ? `${spelt[0]}?` : (spelt[0] as string);
	}

	private record(type: TypeScript.Type, depth: number): string {
		const fields = type.getProperties().map((property) => {
			const node = property.valueDeclaration;
			const field = node
				? this.checker.getTypeOfSymbolAtLocation(property, node)
				: this.checker.getTypeOfSymbol(property);
			const spelt = this.type(field, depth + 1);
			const optional = property.flags & this.ts.SymbolFlags.Optional && !spelt.endsWith('?');
			return /^[A-Za-z_]\w*$/.test(property.name) ? `${property.name}: ${spelt}${optional ? '?' : ''}` : null;
		});
		return `{${fields.filter((field) => field !== null).join(', ')}}`;
	}
}
