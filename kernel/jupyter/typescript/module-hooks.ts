import { readFileSync } from 'node:fs';
import { type LoadFnOutput, type LoadHookSync, type ResolveHookSync, registerHooks } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { full } from 'acorn-walk';
import { UserError } from '../../../stdlib/define.ts';
import type { LocalFiles } from './local-files.ts';
import { ASSAY, existing, isBare, isMissing, OWN_MODULES } from './module-path.ts';
import { CellSyntaxError, parseJavaScript, toJavaScript } from './syntax.ts';
import { TextEdits } from './text-edits.ts';

const VERSION = 'assay-version';

/** The address under which a file of the user's is loaded: another one when it, or what it imports, has changed. */
export function versionedUrl(path: string, files: LocalFiles): string {
	return `${pathToFileURL(path).href}?${VERSION}=${files.version(path)}`;
}

/**
 * Has Node load the user's files in the version that is on disk, TypeScript in all its forms, with the modules of the
 * kernel and Assay's dependencies behind those that are installed near the notebook.
 */
export function hookModules(files: LocalFiles): { deregister(): void } {
	return registerHooks({ resolve: resolveIn(files), load });
}

const isUsers = (url: string | undefined): url is string => Boolean(url?.includes(`?${VERSION}=`));

const resolveIn =
	(files: LocalFiles): ResolveHookSync =>
	(specifier, context, next) => {
		const { parentURL } = context;
		if (!isUsers(parentURL)) return next(specifier, context);
		const own = OWN_MODULES[specifier];
		if (own) return { url: own, shortCircuit: true };
		if (isBare(specifier)) return nearOrOurs(specifier, context, next);
		const wanted = specifier.startsWith('file:')
			? fileURLToPath(specifier)
			: resolve(dirname(fileURLToPath(parentURL)), specifier);
		const path = existing(wanted);
		return path === null ? next(specifier, context) : { url: versionedUrl(path, files), shortCircuit: true };
	};

const nearOrOurs: ResolveHookSync = (specifier, context, next) => {
	try {
		return next(specifier, context);
	} catch (error) {
		if (!isMissing(error, specifier)) throw error;
		return next(specifier, { ...context, parentURL: pathToFileURL(`${ASSAY}/package.json`).href });
	}
};

const load: LoadHookSync = (url, context, next) => {
	if (!isUsers(url)) return next(url, context);
	const path = fileURLToPath(url);
	if (/\.json$/.test(path)) return next(url, { ...context, importAttributes: { type: 'json' } });
	if (!/\.m?ts$/.test(path)) return next(url, context);
	return typeScriptModule(path) ?? next(url, context);
};

/** Null for a file that is no ES module: Node knows what to do with those. */
function typeScriptModule(path: string): LoadFnOutput | null {
	const source = readFileSync(path, 'utf8');
	if (!/\b(?:import|export|await)\b/.test(source) && /\bmodule\.exports\b|\brequire\s*\(/.test(source))
		return null;
	try {
		const { javaScript } = toJavaScript(source);
		return { format: 'module', source: withoutTypeImports(javaScript), shortCircuit: true };
	} catch (error) {
		if (!(error instanceof CellSyntaxError)) throw error;
		throw new UserError(`${path} cannot be loaded: ${error.message}`, 'mend the file; it is read again');
	}
}

/** Leaves out imported names that no code uses: they are types, as TypeScript itself reads them. */
function withoutTypeImports(javaScript: string): string {
	if (!javaScript.includes('import')) return javaScript;
	const program = parseJavaScript(javaScript);
	const imports = program.body.filter((node) => node.type === 'ImportDeclaration');
	const used = new Set<string>();
	for (const node of program.body)
		if (node.type !== 'ImportDeclaration')
			full(node, (inner) => {
				if (inner.type === 'Identifier') used.add((inner as unknown as { name: string }).name);
			});
	const edits = new TextEdits();
	for (const { specifiers, start, end, source } of imports) {
		const kept = specifiers.filter(({ local }) => used.has(local.name));
		if (kept.length === specifiers.length) continue;
		const text =
			kept.length === 0
				? ''
				: importClause(
						kept.map((one) => one),
						javaScript,
					);
		const lines = javaScript.slice(start, end).replace(/[^\n]/g, '');
		edits.replace(start, end, `${kept.length === 0 ? '' : `import ${text} from ${source.raw};`}${lines}`);
	}
	return edits.apply(javaScript).text;
}

function importClause(kept: readonly { type: string; start: number; end: number }[], text: string): string {
	const named = kept.filter(({ type }) => type === 'ImportSpecifier');
	const others = kept.filter(({ type }) => type !== 'ImportSpecifier');
	const written = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
	const braces = named.length > 0 ? [`{ ${named.map(written).join(', ')} }`] : [];
	return [...others.map(written), ...braces].join(', ');
}
