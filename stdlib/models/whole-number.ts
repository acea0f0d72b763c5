import { UserError } from '../define.ts';

/** @throws {UserError} unless `value` is a whole number from `least` */
export function requireWhole(where: string, name: string, value: number, least = 1): void {
	if (!(Number.isInteger(value) && value >= least))
		throw new UserError(`${where}: ${name} is ${value}, but must be a whole number from ${least}`);
}
