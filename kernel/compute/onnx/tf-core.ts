/** The parts of TensorFlow.js that a backend is made of. */
export {
	type DataId,
	DataStorage,
	type DataType,
	KernelBackend,
	type KernelConfig,
	type KernelFunc,
	type TensorInfo,
} from '@tensorflow/tfjs';
export type { Tfjs } from '../tfjs.ts';
