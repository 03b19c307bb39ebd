import { describeInterop } from '../../helpers/interop-suite.ts';

describeInterop('ini');
