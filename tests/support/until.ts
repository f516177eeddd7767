export { until } from '@switchboard/basics/testing';
