import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../config.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('settings of OpenTelemetry', () => {
  test('send nothing unless they say where to', () => {
    expect(loadConfig({ OTEL_TRACES_SAMPLER: 'always_on', OTEL_SERVICE_NAME: 'hub' }).telemetry).toBeNull();
    expect(loadConfig({ ...endpoint, OTEL_SDK_DISABLED: 'true' }).telemetry).toBeNull();
    const none = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' };
    expect(loadConfig({ ...endpoint, ...none }).telemetry).toBeNull();
  });

  test('send traces and metrics below the endpoint, and keep a tenth', () => {
    expect(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/?tenant=a' }).telemetry).toMatchObject({
      traces: { url: 'https://collector/otlp/v1/traces?tenant=a', headers: {} },
      metrics: { url: 'https://collector/otlp/v1/metrics?tenant=a', headers: {} },
      timeoutMs: 10_000,
      sampling: { share: 0.1, followsParent: true },
    });
  });

  test('of one signal win over those of both', () => {
    const { telemetry } = loadConfig({
      ...endpoint,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:9/as-it-is',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20both, x-tenant=a',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20traces',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=prod%20one',
      OTEL_SERVICE_NAME: 'hub',
    });
    expect(telemetry).toMatchObject({
      traces: { url: 'http://traces:9/as-it-is', headers: { authorization: 'Bearer traces', 'x-tenant': 'a' } },
      metrics: { url: 'http://collector:4318/v1/metrics', headers: { authorization: 'Bearer both' } },
      resource: { 'service.name': 'hub', 'deployment.environment.name': 'prod one' },
    });
    expect(loadConfig({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/' }).telemetry?.traces).toBeNull();
  });

  test.each([
    ['always_on', undefined, 1, false],
    ['always_off', undefined, 0, false],
    ['traceidratio', '0.25', 0.25, false],
    ['parentbased_always_on', undefined, 1, true],
    ['parentbased_always_off', undefined, 0, true],
    ['parentbased_traceidratio', '1', 1, true],
    [undefined, '0.5', 0.5, true],
  ])('sample by %s (%s)', (sampler, arg, share, followsParent) => {
    const given = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg };
    expect(loadConfig({ ...endpoint, ...given }).telemetry?.sampling).toEqual({ share, followsParent });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'http:// or https:// URL'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be http/protobuf'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'its-secret', 'header=value pairs'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%E0%A4%A', 'percent-encoded'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a b=its-secret', 'headers that HTTP allows'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', 'must be a whole number from 1 to 600000'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'br', 'must be gzip or none'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such.pem', '/no/such.pem'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'must be one of always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '10', 'must be a share between 0 and 1'],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'must be otlp or none'],
    ['TRACE_URL', 'https://traces.example.com/trace/', 'must have {traceId} once'],
    ['TRACE_URL', 'https://{traceId}.example.com/', 'must have {traceId} once'],
    ['TRACE_URL', 'javascript:alert({traceId})', 'http:// or https:// URL'],
  ])('refuse %s=%s', (name, value, words) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value })).toThrow(words);
    expect(() => loadConfig({ [name]: value })).not.toThrow('its-secret');
  });
});
