package vivarium.server;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.net.PortException;

/** The measures by HTTP, at {@code /metrics}, as Prometheus asks for them. */
final class MetricsEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);

    private final HTTPServer server;

    private MetricsEndpoint(HTTPServer server) {
        this.server = server;
    }

    static MetricsEndpoint open(MetricsSettings settings, Monitoring monitoring)
            throws IOException {
        PrometheusRegistry all = new PrometheusRegistry();
        all.register(monitoring);
        if (settings.withJvm()) {
            all.register(new JvmMeasures());
        }
        try {
            HTTPServer server =
                    HTTPServer.builder()
                            .hostname(settings.host())
                            .port(settings.port())
                            .registry(all)
                            .buildAndStart();
            LOG.info("measures are at http://{}:{}/metrics", settings.host(), server.getPort());
            return new MetricsEndpoint(server);
        } catch (IOException e) {
            throw new PortException(
                    "can't serve measures on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Where it listens. */
    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
