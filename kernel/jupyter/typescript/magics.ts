import { UserError } from '../../../stdlib/define.ts';

/** A cell without its magic: spaces stand where the magic stood, so that places in the cell stay what they are. */
export interface MagicCell {
	readonly magic: 'time' | 'help' | null;
	readonly code: string;
}

const MAGIC = /^(\s*)(%{1,2})([A-Za-z]\w*)/;

/** Reads the magic that a cell begins with. Throws a `UserError` for one that does not exist. */
export function readMagic(code: string): MagicCell {
	const found = MAGIC.exec(code);
	if (!found) return { magic: null, code };
	const [whole, , , name = ''] = found;
	const rest = whole.replace(/[^\n]/g, ' ') + code.slice(whole.length);
	if (name === 'time' || name === 'help') return { magic: name, code: rest };
	throw new UserError(
		`there is no magic %${name}`,
		'`%time` measures how long its cell takes; `%help` lists what a cell can do',
	);
}

/** As `readMagic`, for a cell that is being typed. */
export function withoutMagic(code: string): string {
	const whole = MAGIC.exec(code)?.[0];
	return whole === undefined ? code : whole.replace(/[^\n]/g, ' ') + code.slice(whole.length);
}

/** A duration as a person reads it: `12.3 ms`, `4.56 s`, `2 min 5 s`. */
export function durationText(milliseconds: number): string {
	if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
	const seconds = milliseconds / 1000;
	if (seconds < 60) return `${seconds.toPrecision(3)} s`;
	return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export const HELP = `A cell is TypeScript, checked before it runs, or a study in Assay's own language when it begins with %%assay.

TypeScript cells
  await …                        at the level of the cell; the last expression is the cell's value
  import … from "…"              packages near the notebook, Node's modules, files (read again when they change)
  let x = …                      a later cell may declare x anew
  %time …                        says how long the cell took

From the module "assay"
  display.html("…"), display.markdown, svg, png, jpeg, gif, webp, pdf, javascript, text
  clearOutput(), await input("…"), await input("…", { password: true })

From study cells
  a table                        is a Danfo DataFrame; a figure goes to Plotly; rows of an eval or data are iterable
  await fit.predict(image), …    a trained model has the methods that it has in a study
  use name                       in a study, for a function of a TypeScript cell

From the module "assay/tf"
  import * as tf from "assay/tf" TensorFlow.js on the best device here

In the editor
  Tab                            completes
  Shift+Tab                      shows the type and documentation of a name
`;
