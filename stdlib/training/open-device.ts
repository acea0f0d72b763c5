import { type Compute, ComputeError, openCompute } from '../../kernel/compute/index.ts';
import { UserError } from '../define.ts';

/**
 * The device that a study asks for, or the best one here.
 * @throws {UserError} when there is no such device, or it cannot be used here
 */
export async function openDevice(device: string | null = null): Promise<Compute> {
	try {
		return await openCompute(device === null ? {} : { device });
	} catch (error) {
		throw forUsers(error);
	}
}

/** What went wrong on a device, in the library's kind of error, so that its advice is shown. */
export const forUsers = (error: unknown): unknown =>
	error instanceof ComputeError ? new UserError(error.message, error.help, error) : error;
