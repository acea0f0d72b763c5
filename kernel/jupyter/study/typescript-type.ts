import { argOf, isApp, type RecordType, type Type, unlabel } from '../../../dsl/types/type.ts';
import { methodsOf } from './trained-methods.ts';

/** Types of values that the module `assay/study` declares. */
const imported = (name: string): string => `import('assay/study').${name}`;

const PLAIN: Readonly<Record<string, string>> = {
	Text: 'string',
	Number: 'number',
	Prob: 'number',
	Duration: 'number',
	Money: 'number',
	Bool: 'boolean',
	None: 'null',
	Choice: imported('Choice'),
	Estimate: imported('Estimate'),
	Figure: imported('Figure'),
};

/** The TypeScript type of what a study's name becomes in a TypeScript cell; `unknown` where there is no counterpart. */
export function typeScriptOf(type: Type): string {
	if (isApp(type, 'Labelled')) return `${imported('Labelled')}<${typeScriptOf(argOf(type))}>`;
	const plain = unlabel(type);
	switch (plain.k) {
		case 'app':
			return appOf(plain);
		case 'record':
			return recordOf(plain);
		case 'model':
			return imported('StudyModel');
		case 'tensor':
			return imported('TensorValue');
		case 'union':
			return plain.members.map(typeScriptOf).join(' | ');
		case 'any':
			return 'any';
		case 'function':
		case 'var':
		case 'error':
			return 'unknown';
	}
}

function appOf(type: Extract<Type, { k: 'app' }>): string {
	const plain = PLAIN[type.name];
	if (plain) return plain;
	switch (type.name) {
		case 'List':
			return `readonly (${typeScriptOf(argOf(type))})[]`;
		case 'Option':
			return `(${typeScriptOf(argOf(type))}) | null`;
		case 'Data':
			return `${imported('StudyData')}<${typeScriptOf(argOf(type))}>`;
		case 'Table':
			return `${imported('StudyFrame')}<${frameColumns(argOf(type))}>`;
		case 'Trained':
			return trainedOf(type);
		default:
			return 'unknown';
	}
}

/** With the methods of its kind and what the library says of them; the checker sees only remarks on their own line. */
function trainedOf(type: Type): string {
	const methods = methodsOf(type).map(({ name, doc, params, result }) => {
		const listed = params.map((param) => `${param.name}${param.optional ? '?' : ''}: ${inputOf(param.type)}`);
		return `\n/** ${doc.replaceAll('*/', '* /')} */\n${name}(${listed.join(', ')}): Promise<${typeScriptOf(result)}>;`;
	});
	return `${imported('TrainedModel')} & { ${methods.join(' ')} }`;
}

const inputOf = (type: Type): string =>
	unlabel(type).k === 'tensor' ? imported('TensorInput') : typeScriptOf(type);

const recordOf = ({ fields }: RecordType): string =>
	`{ ${[...fields].map(([name, type]) => `readonly ${propertyName(name)}: ${typeScriptOf(type)};`).join(' ')} }`;

/** The columns of a table's data frame and the type of a cell in each; an estimate is five columns. */
function frameColumns(row: Type): string {
	if (row.k !== 'record') return 'Record<string, unknown>';
	const columns = [...row.fields].flatMap(([name, type]) => columnsOf(name, type));
	return `{ ${columns.map(([name, type]) => `${propertyName(name)}: ${type};`).join(' ')} }`;
}

function columnsOf(name: string, type: Type): [string, string][] {
	const plain = unlabel(type);
	if (isApp(plain, 'Option')) return columnsOf(name, argOf(plain));
	if (isApp(plain, 'Estimate'))
		return ['', '_se', '_low', '_high', '_n'].map((end) => [name + end, 'number']);
	if (isApp(plain, 'Choice'))
		return [
			[name, 'string'],
			[`${name}_prob`, 'number'],
		];
	if (plain.k === 'record')
		return [...plain.fields].flatMap(([field, inner]) => columnsOf(`${name}.${field}`, inner));
	const cell = plain.k === 'app' ? PLAIN[plain.name] : undefined;
	return [[name, cell === 'number' || cell === 'boolean' ? cell : 'string']];
}

const propertyName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
