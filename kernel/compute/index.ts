export { compiledStep } from './compiled-step.ts';
export { ComputeError } from './compute-error.ts';
export { DEVICE_NAMES, type DeviceName } from './devices/device.ts';
export { filledTensor } from './filled-tensor.ts';
export { gelu } from './fused/gelu.ts';
export { softmaxCrossEntropy } from './fused/softmax-cross-entropy.ts';
export { standardised } from './fused/standardised.ts';
export { detach } from './gradients/tape.ts';
export { type DeviceSpeed, measureDevice } from './measure.ts';
export {
	announceNativeCalls,
	nativeCallFlags,
	stopNativeCalls,
	stopNativeCallsNow,
} from './native-calls.ts';
export { type Compute, type ComputeOptions, openCompute, surveyDevices } from './open.ts';
export { type TensorDraws, tensorDraws, type UniformSource } from './random.ts';
export type { Tfjs } from './tfjs.ts';
