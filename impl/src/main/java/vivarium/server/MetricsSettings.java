package vivarium.server;

import org.jspecify.annotations.Nullable;

/**
 * Where Prometheus finds the measures.
 *
 * @param host the address to listen on
 * @param port 0 for a free one
 * @param withJvm whether those of the JVM are there too
 */
public record MetricsSettings(String host, int port, boolean withJvm) {
    private static final String PACKAGE = "org.apache.zookeeper.metrics.";

    static @Nullable MetricsSettings of(ConfigValues values) throws ConfigException {
        String key = "metricsProvider.className";
        ConfigValues.Value provider = values.find(key);
        String name = provider == null ? "" : provider.text();
        if (provider == null
                || name.equals(PACKAGE + "impl.DefaultMetricsProvider")
                || name.equals(PACKAGE + "impl.NullMetricsProvider")) {
            return null;
        }
        if (!name.equals(PACKAGE + "prometheus.PrometheusMetricsProvider")) {
            throw ConfigValues.wrong(
                    key, provider, PACKAGE + "prometheus.PrometheusMetricsProvider is expected");
        }
        return new MetricsSettings(
                values.text("metricsProvider.httpHost", "0.0.0.0"),
                values.integer("metricsProvider.httpPort", 7000, 0, 65535),
                values.flag("metricsProvider.exportJvmInfo", true));
    }
}
